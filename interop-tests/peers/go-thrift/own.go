package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/apache/thrift/lib/go/thrift"

	"koine.dev/interop/go-thrift/gen/contract"
)

// ownService calls a Thrift provider with the types of contract.thrift.
type ownService struct{ client *contract.InteropClient }

func openOwn(c *connection) thriftService { return ownService{contract.NewInteropClient(c.client)} }

func (o ownService) greet(ctx context.Context) error {
	_, err := o.client.Greet(ctx)
	return err
}

func (o ownService) linger(ctx context.Context, nonce int64, waitMillis int32) (int64, error) {
	answer, err := o.client.Linger(ctx, contract.Nonce(nonce), waitMillis)
	return int64(answer), err
}

func (o ownService) stamp(ctx context.Context, nonce int64) (int64, error) {
	answer, err := o.client.Stamp(ctx, contract.Nonce(nonce))
	return int64(answer), err
}

func (o ownService) post(ctx context.Context, nonce int64, note string) error {
	return o.client.Post(ctx, contract.Nonce(nonce), note)
}

func (o ownService) reset(ctx context.Context, nonce int64) error {
	return o.client.Reset(ctx, contract.Nonce(nonce))
}

func (o ownService) seen(ctx context.Context, nonce int64) (sighting, error) {
	s, err := o.client.Seen(ctx, contract.Nonce(nonce))
	if err != nil {
		return sighting{}, err
	}
	return sighting{s.Posts, s.Resets, s.LingersStarted, s.LingersCancelled}, nil
}

func (o ownService) stampCall(nonce int64) (string, thrift.TStruct, thrift.TStruct, func() (int64, bool)) {
	result := contract.NewInteropStampResult()
	return "stamp", &contract.InteropStampArgs{Nonce: contract.Nonce(nonce)}, result, func() (int64, bool) {
		if result.Success == nil {
			return 0, false
		}
		return int64(*result.Success), true
	}
}

// addSamples adds one case for each sample of a method whose argument is one struct.
func addSamples[T any](s *suite, samples []sample[T], nameIt func(T, string) T,
	call func(*contract.InteropClient, context.Context, T) (T, error)) {
	for _, one := range samples {
		s.add(one.name, func() (any, any, error) {
			opened, err := s.shared()
			if err != nil {
				return nil, nil, err
			}
			answer, err := call(contract.NewInteropClient(opened.client), context.Background(), nameIt(one.request, one.name))
			if err != nil {
				return nil, nil, err
			}
			return render(answer), render(nameIt(one.answer, one.name+".answer")), nil
		})
	}
}

// addCall adds a case that is one call with an answer to compare.
func addCall(s *suite, name string, want any, call func(*contract.InteropClient, context.Context) (any, error)) {
	s.add(name, func() (any, any, error) {
		opened, err := s.shared()
		if err != nil {
			return nil, nil, err
		}
		answer, err := call(contract.NewInteropClient(opened.client), context.Background())
		return render(answer), render(want), err
	})
}

func addOwnCases(s *suite) {
	type client = contract.InteropClient
	s.open = openOwn
	addSamples(s, scalarSamples, nameScalars, (*client).Scalars)
	addSamples(s, payloadSamples, namePayload, (*client).Payload)
	addSamples(s, listSamples, nameLists, (*client).Lists)
	addSamples(s, setSamples, nameSets, (*client).Sets)
	addSamples(s, mapSamples, nameMaps, (*client).Maps)
	addSamples(s, orderSamples, nameOrder, (*client).PlaceOrder)
	addSamples(s, nodeSamples, nameNode, (*client).Grow)
	addSamples(s, optionalSamples, nameOptionals, (*client).Optionals)
	addSamples(s, paintSamples, namePaint, (*client).Paint)
	addSamples(s, pickSamples, namePick, (*client).Pick)
	addSamples(s, timeSamples, nameTimes, (*client).Times)
	addCall(s, "several_arguments", severalAnswer, func(c *client, ctx context.Context) (any, error) {
		r := severalRequest
		return c.Several(ctx, r.First, r.Second, r.Third, r.Fourth, r.Fifth)
	})
	addCall(s, "no_arguments", greetAnswer, func(c *client, ctx context.Context) (any, error) { return c.Greet(ctx) })
	addCall(s, "bare_result", addAnswer, func(c *client, ctx context.Context) (any, error) { return c.AddUp(ctx, addLeft, addRight) })
	addCall(s, "bare_list_result", namesAnswer, func(c *client, ctx context.Context) (any, error) { return c.ListNames(ctx, namesPrefix) })
	addCall(s, "no_exception", ticketAnswer, func(c *client, ctx context.Context) (any, error) { return c.Fail(ctx, "no_exception") })
	addCall(s, "metadata_roundtrip", headersAnswer, func(c *client, ctx context.Context) (any, error) {
		return c.ExchangeHeaders(ctx, headersRequest)
	})
	s.add("metadata_info", func() (any, any, error) {
		opened, err := s.shared()
		if err != nil {
			return nil, nil, err
		}
		client := contract.NewInteropClient(opened.client)
		answer, err := client.ExchangeHeaders(withInfo(context.Background(), headersRequest), map[string]string{})
		return []any{answer, marked(client.LastResponseMeta_().Headers)}, []any{map[string]string{}, headersAnswer}, err
	})
	addOwnErrorCases(s)
	addCourseCases(s)
	if addNewerCases != nil {
		addNewerCases(s)
	}
}

// Set where the library is new enough for newer.thrift.
var (
	addNewerCases   func(*suite)
	addNewerMethods func(*contract.InteropProcessor)
)

func addOwnErrorCases(s *suite) {
	type client = contract.InteropClient
	addCall(s, "declared_exception_a", notFound, func(c *client, ctx context.Context) (any, error) {
		_, err := c.Fail(ctx, "declared_exception_a")
		var declared *contract.NotFound
		if errors.As(err, &declared) {
			return declared, nil
		}
		return nil, unexpected(err)
	})
	addCall(s, "declared_exception_b", overQuota, func(c *client, ctx context.Context) (any, error) {
		_, err := c.Fail(ctx, "declared_exception_b")
		var declared *contract.OverQuota
		if errors.As(err, &declared) {
			return declared, nil
		}
		return nil, unexpected(err)
	})
	addCall(s, "undeclared_failure", "INTERNAL_ERROR with the text", func(c *client, ctx context.Context) (any, error) {
		_, err := c.Fail(ctx, "undeclared_failure")
		var application thrift.TApplicationException
		if errors.As(err, &application) && application.TypeId() == deliberateType(application.Error()) && strings.Contains(application.Error(), deliberateText) {
			return "INTERNAL_ERROR with the text", nil
		}
		return nil, unexpected(err)
	})
	addCall(s, "no_such_method", "UNKNOWN_METHOD", func(c *client, ctx context.Context) (any, error) {
		_, err := c.Client_().Call(ctx, "noSuchMethod", contract.NewInteropGreetArgs(), contract.NewInteropGreetResult())
		var application thrift.TApplicationException
		if errors.As(err, &application) && application.TypeId() == thrift.UNKNOWN_METHOD {
			return "UNKNOWN_METHOD", nil
		}
		return nil, unexpected(err)
	})
}

// deliberateType is the type of a deliberate failure with this text: libraries
// that know only UNKNOWN have providers that say so, see contract/cases.md.
func deliberateType(text string) int32 {
	if strings.Contains(text, "(UNKNOWN)") {
		return thrift.UNKNOWN_APPLICATION_EXCEPTION
	}
	return thrift.INTERNAL_ERROR
}

func unexpected(err error) error {
	if err == nil {
		return errors.New("the call ended well")
	}
	return fmt.Errorf("unexpected: %w", err)
}

// A case's values carry its name; the samples are written without it.
func named[T any](value *T, set func(*T)) *T {
	copied := *value
	set(&copied)
	return &copied
}

func nameScalars(v *contract.Scalars, name string) *contract.Scalars {
	return named(v, func(c *contract.Scalars) { c.CaseId = name })
}
func namePayload(v *contract.Payload, name string) *contract.Payload {
	return named(v, func(c *contract.Payload) { c.CaseId = name })
}
func nameLists(v *contract.Lists, name string) *contract.Lists {
	return named(v, func(c *contract.Lists) { c.CaseId = name })
}
func nameSets(v *contract.Sets, name string) *contract.Sets {
	return named(v, func(c *contract.Sets) { c.CaseId = name })
}
func nameMaps(v *contract.Maps, name string) *contract.Maps {
	return named(v, func(c *contract.Maps) { c.CaseId = name })
}
func nameOrder(v *contract.Order, name string) *contract.Order {
	return named(v, func(c *contract.Order) { c.CaseId = name })
}
func nameNode(v *contract.Node, _ string) *contract.Node { return v }
func nameOptionals(v *contract.Optionals, name string) *contract.Optionals {
	return named(v, func(c *contract.Optionals) { c.CaseId = name })
}
func namePaint(v *contract.Paint, name string) *contract.Paint {
	return named(v, func(c *contract.Paint) { c.CaseId = name })
}
func namePick(v *contract.Pick, name string) *contract.Pick {
	return named(v, func(c *contract.Pick) { c.CaseId = name })
}
func nameTimes(v *contract.Times, name string) *contract.Times {
	return named(v, func(c *contract.Times) { c.CaseId = name })
}
