//go:build derived

package main

import (
	"context"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/apache/thrift/lib/go/thrift"

	"koine.dev/interop/go-thrift/gen/javas"
)

//go:embed javas.values
var javas_values string

func init() { addJavaCases = addCasesOfJava }

// javaService calls a Dubbo provider with the Thrift that Koine derives from the Java contract.
type javaService struct{ client *javas.InteropServiceClient }

func openJava(c *connection) thriftService {
	return javaService{javas.NewInteropServiceClient(c.client)}
}

func (j javaService) greet(ctx context.Context) error {
	_, err := j.client.Greet(ctx)
	return err
}

func (j javaService) linger(ctx context.Context, nonce int64, waitMillis int32) (int64, error) {
	return j.client.Linger(ctx, nonce, waitMillis)
}

func (j javaService) stamp(ctx context.Context, nonce int64) (int64, error) {
	return j.client.Stamp(ctx, nonce)
}

func (j javaService) post(ctx context.Context, nonce int64, note string) error {
	return j.client.Post(ctx, nonce, note)
}

func (j javaService) reset(ctx context.Context, nonce int64) error { return j.client.Reset(ctx, nonce) }

func (j javaService) seen(ctx context.Context, nonce int64) (sighting, error) {
	s, err := j.client.Seen(ctx, nonce)
	if err != nil {
		return sighting{}, err
	}
	return sighting{s.Posts, s.Resets, s.LingersStarted, 0}, nil
}

func (j javaService) stampCall(nonce int64) (string, thrift.TStruct, thrift.TStruct, func() (int64, bool)) {
	result := javas.NewInteropServiceStampResult()
	return "stamp", &javas.InteropServiceStampArgs{Nonce: nonce}, result, func() (int64, bool) {
		if result.Success == nil {
			return 0, false
		}
		return *result.Success, true
	}
}

type callStructs func() (arguments, result thrift.TStruct)

func structsOf[A, R thrift.TStruct](arguments func() A, result func() R) callStructs {
	return func() (thrift.TStruct, thrift.TStruct) { return arguments(), result() }
}

// javaMethods are those of the table, each with the structs that were generated for its arguments and its result.
var javaMethods = map[string]callStructs{
	"scalars":        structsOf(javas.NewInteropServiceScalarsArgs, javas.NewInteropServiceScalarsResult),
	"payload":        structsOf(javas.NewInteropServicePayloadArgs, javas.NewInteropServicePayloadResult),
	"lists":          structsOf(javas.NewInteropServiceListsArgs, javas.NewInteropServiceListsResult),
	"sets":           structsOf(javas.NewInteropServiceSetsArgs, javas.NewInteropServiceSetsResult),
	"maps":           structsOf(javas.NewInteropServiceMapsArgs, javas.NewInteropServiceMapsResult),
	"placeOrder":     structsOf(javas.NewInteropServicePlaceOrderArgs, javas.NewInteropServicePlaceOrderResult),
	"grow":           structsOf(javas.NewInteropServiceGrowArgs, javas.NewInteropServiceGrowResult),
	"optionals":      structsOf(javas.NewInteropServiceOptionalsArgs, javas.NewInteropServiceOptionalsResult),
	"paint":          structsOf(javas.NewInteropServicePaintArgs, javas.NewInteropServicePaintResult),
	"pick":           structsOf(javas.NewInteropServicePickArgs, javas.NewInteropServicePickResult),
	"times":          structsOf(javas.NewInteropServiceTimesArgs, javas.NewInteropServiceTimesResult),
	"days":           structsOf(javas.NewInteropServiceDaysArgs, javas.NewInteropServiceDaysResult),
	"odds":           structsOf(javas.NewInteropServiceOddsArgs, javas.NewInteropServiceOddsResult),
	"browse":         structsOf(javas.NewInteropServiceBrowseArgs, javas.NewInteropServiceBrowseResult),
	"leaf":           structsOf(javas.NewInteropServiceLeafArgs, javas.NewInteropServiceLeafResult),
	"wrap":           structsOf(javas.NewInteropServiceWrapArgs, javas.NewInteropServiceWrapResult),
	"several":        structsOf(javas.NewInteropServiceSeveralArgs, javas.NewInteropServiceSeveralResult),
	"add":            structsOf(javas.NewInteropServiceAddArgs, javas.NewInteropServiceAddResult),
	"listNames":      structsOf(javas.NewInteropServiceListNamesArgs, javas.NewInteropServiceListNamesResult),
	"findItem":       structsOf(javas.NewInteropServiceFindItemArgs, javas.NewInteropServiceFindItemResult),
	"label":          structsOf(javas.NewInteropServiceLabelArgs, javas.NewInteropServiceLabelResult),
	"labelByLong":    structsOf(javas.NewInteropServiceLabelByLongArgs, javas.NewInteropServiceLabelByLongResult),
	"labelByInteger": structsOf(javas.NewInteropServiceLabelByIntegerArgs, javas.NewInteropServiceLabelByIntegerResult),
	"labelByString":  structsOf(javas.NewInteropServiceLabelByStringArgs, javas.NewInteropServiceLabelByStringResult),
	"labelByItem":    structsOf(javas.NewInteropServiceLabelByItemArgs, javas.NewInteropServiceLabelByItemResult),
	"labelByItemInt": structsOf(javas.NewInteropServiceLabelByItemIntArgs, javas.NewInteropServiceLabelByItemIntResult),
	"fail":           structsOf(javas.NewInteropServiceFailArgs, javas.NewInteropServiceFailResult),
	"greet":          structsOf(javas.NewInteropServiceGreetArgs, javas.NewInteropServiceGreetResult),
}

// filled reads a struct from the bytes of a table.
func filled(made thrift.TStruct, bytes string) (thrift.TStruct, error) {
	data, err := hex.DecodeString(bytes)
	if err != nil {
		return nil, err
	}
	memory := thrift.NewTMemoryBufferLen(len(data))
	_, _ = memory.Write(data)
	return made, made.Read(context.Background(), thrift.NewTBinaryProtocolConf(memory, nil))
}

func addCasesOfJava(s *suite) {
	s.open = openJava
	for _, line := range strings.Split(strings.TrimSuffix(javas_values, "\n"), "\n") {
		columns := strings.Split(line, "\t")
		s.add(columns[0], func() (any, any, error) { return callOfJava(s, columns[1], columns[2], columns[3]) })
	}
	addJavaFailure(s, "undeclared_failure", "fail", "undeclared_failure", thrift.INTERNAL_ERROR, deliberateText)
	addJavaFailure(s, "no_such_method", "noSuchMethod", "", thrift.UNKNOWN_METHOD, "")
	addCourseCases(s)
}

func callOfJava(s *suite, method, arguments, answer string) (any, any, error) {
	structs, ok := javaMethods[method]
	if !ok {
		return nil, nil, fmt.Errorf("no method %q in the derived contract", method)
	}
	empty, got := structs()
	request, err := filled(empty, arguments)
	if err != nil {
		return nil, nil, err
	}
	_, wanted := structs()
	if wanted, err = filled(wanted, answer); err != nil {
		return nil, nil, err
	}
	opened, err := s.shared()
	if err != nil {
		return nil, nil, err
	}
	if _, err := opened.client.Call(context.Background(), method, request, got); err != nil {
		return nil, nil, err
	}
	return render(got), render(wanted), nil
}

// addJavaFailure adds a case that ends in a failure which no method declares.
func addJavaFailure(s *suite, name, method, caseID string, kind int32, words string) {
	s.add(name, func() (any, any, error) {
		opened, err := s.shared()
		if err != nil {
			return nil, nil, err
		}
		_, err = opened.client.Call(context.Background(), method, &javas.InteropServiceFailArgs{CaseId: caseID}, javas.NewInteropServiceFailResult())
		var application thrift.TApplicationException
		if errors.As(err, &application) && application.TypeId() == kind && strings.Contains(application.Error(), words) {
			return "failed", "failed", nil
		}
		return nil, nil, unexpected(err)
	})
}
