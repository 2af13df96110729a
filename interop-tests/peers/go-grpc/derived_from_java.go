//go:build derived

package main

import (
	"context"
	_ "embed"
	"encoding/hex"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/anypb"

	"koine.dev/interop/go-grpc/gen/javaspb"
)

//go:embed javas.values
var javas_values string

func init() { addJavaCases = addCasesOfJava }

// javaService calls a Dubbo provider with the proto types that Koine derives from the Java contract.
type javaService struct{ client javaspb.InteropServiceClient }

func openJava(channel *grpc.ClientConn) service {
	return javaService{javaspb.NewInteropServiceClient(channel)}
}

func (j javaService) greet(ctx context.Context) error {
	_, err := j.client.Greet(ctx, &javaspb.GreetRequest{})
	return err
}

func (j javaService) linger(ctx context.Context, nonce int64, waitMillis int32) (int64, error) {
	answer, err := j.client.Linger(ctx, &javaspb.LingerRequest{Nonce: nonce, WaitMillis: waitMillis})
	return answer.GetValue(), err
}

func (j javaService) stamp(ctx context.Context, nonce int64) (int64, error) {
	answer, err := j.client.Stamp(ctx, &javaspb.StampRequest{Nonce: nonce})
	return answer.GetValue(), err
}

func (j javaService) post(ctx context.Context, nonce int64, note string) error {
	_, err := j.client.Post(ctx, &javaspb.PostRequest{Nonce: nonce, Note: &note})
	return err
}

func (j javaService) reset(ctx context.Context, nonce int64) error {
	_, err := j.client.Reset(ctx, &javaspb.ResetRequest{Nonce: nonce})
	return err
}

func (j javaService) seen(ctx context.Context, nonce int64) (sighting, error) {
	s, err := j.client.Seen(ctx, &javaspb.SeenRequest{Nonce: nonce})
	return sighting{s.GetPosts(), s.GetResets(), s.GetLingersStarted(), 0}, err
}

func addCasesOfJava(s *suite) {
	s.open = openJava
	methods := javaspb.File_derived_java_proto.Services().ByName("InteropService").Methods()
	for _, line := range strings.Split(strings.TrimSuffix(javas_values, "\n"), "\n") {
		columns := strings.Split(line, "\t")
		method := methods.ByName(protoreflect.Name(columns[1]))
		call := func(ctx context.Context) (proto.Message, error) {
			request, answer := messageOf(method.Input(), columns[2]), messageOf(method.Output(), "")
			return answer, s.channel.Invoke(ctx, "/"+javaspb.InteropService_ServiceDesc.ServiceName+"/"+columns[1], request, answer)
		}
		if len(columns) > 4 {
			addJavaException(s, columns[0], call, columns[3], columns[4], string(bytesOf(columns[5])))
			continue
		}
		s.add(columns[0], func() (any, any, error) {
			ctx, done := patient()
			defer done()
			got, err := call(ctx)
			return render(got), render(messageOf(method.Output(), columns[3])), err
		})
	}
	addDeliberate(s, func(ctx context.Context) error {
		_, err := javaspb.NewInteropServiceClient(s.channel).Fail(ctx, &javaspb.FailRequest{CaseId: proto.String("undeclared_failure")})
		return err
	})
	addNoSuchMethod(s, javaspb.InteropService_ServiceDesc.ServiceName)
	addCourseCases(s)
}

func bytesOf(encoded string) []byte {
	data, err := hex.DecodeString(encoded)
	if err != nil {
		panic(err)
	}
	return data
}

// messageOf is the generated type's message of these bytes.
func messageOf(descriptor protoreflect.MessageDescriptor, encoded string) proto.Message {
	kind, err := protoregistry.GlobalTypes.FindMessageByName(descriptor.FullName())
	if err != nil {
		panic(err)
	}
	made := kind.New().Interface()
	if err := proto.Unmarshal(bytesOf(encoded), made); err != nil {
		panic(err)
	}
	return made
}

// addJavaException adds a case whose call ends in a declared exception: its code is UNKNOWN where the interface says none.
func addJavaException(s *suite, name string, call func(context.Context) (proto.Message, error), encoded, kind, words string) {
	addFailure(s, name, func(ctx context.Context) error {
		_, err := call(ctx)
		return err
	}, func(failure *status.Status) (any, any, error) {
		want := []*anypb.Any{{TypeUrl: "type.googleapis.com/" + kind, Value: bytesOf(encoded)}}
		return statusFields(failure.Code(), failure.Message(), failure.Proto().GetDetails()), statusFields(codes.Unknown, words, want), nil
	})
}
