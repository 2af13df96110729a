//go:build derived

package main

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/anypb"

	"koine.dev/interop/go-grpc/gen/derivedpb"
	"koine.dev/interop/go-grpc/gen/newerpb"
)

func init() { addDerivedCases = addCasesOfDerived }

// derivedService calls a Thrift provider with the proto types that Koine derives.
type derivedService struct{ client derivedpb.InteropClient }

func openDerived(channel *grpc.ClientConn) service {
	return derivedService{derivedpb.NewInteropClient(channel)}
}

func (d derivedService) greet(ctx context.Context) error {
	_, err := d.client.Greet(ctx, &derivedpb.GreetRequest{})
	return err
}

func (d derivedService) linger(ctx context.Context, nonce int64, waitMillis int32) (int64, error) {
	answer, err := d.client.Linger(ctx, &derivedpb.LingerRequest{Nonce: nonce, WaitMillis: waitMillis})
	return answer.GetValue(), err
}

func (d derivedService) stamp(ctx context.Context, nonce int64) (int64, error) {
	answer, err := d.client.Stamp(ctx, &derivedpb.StampRequest{Nonce: nonce})
	return answer.GetValue(), err
}

func (d derivedService) post(ctx context.Context, nonce int64, note string) error {
	_, err := d.client.Post(ctx, &derivedpb.PostRequest{Nonce: nonce, Note: note})
	return err
}

func (d derivedService) reset(ctx context.Context, nonce int64) error {
	_, err := d.client.Reset(ctx, &derivedpb.ResetRequest{Nonce: nonce})
	return err
}

func (d derivedService) seen(ctx context.Context, nonce int64) (sighting, error) {
	s, err := d.client.Seen(ctx, &derivedpb.SeenRequest{Nonce: nonce})
	return sighting{s.GetPosts(), s.GetResets(), s.GetLingersStarted(), s.GetLingersCancelled()}, err
}

func addCasesOfDerived(s *suite) {
	s.open = openDerived
	client := derivedpb.NewInteropClient(s.channel)
	addSamples(s, scalarSamples, client.Scalars)
	addSamples(s, payloadSamples, client.Payload)
	addSamples(s, listSamples, client.Lists)
	addSamples(s, setSamples, client.Sets)
	addSamples(s, mapSamples, client.Maps)
	addSamples(s, orderSamples, client.PlaceOrder)
	addSamples(s, nodeSamples, client.Grow)
	addSamples(s, optionalSamples, client.Optionals)
	addSamples(s, paintSamples, client.Paint)
	addSamples(s, pickSamples, client.Pick)
	addSamples(s, timeSamples, client.Times)
	addCall(s, "several_arguments", thriftSeveral, &derivedpb.SeveralResponse{Value: severalAnswer.Value}, client.Several)
	addCall(s, "no_arguments", &derivedpb.GreetRequest{}, &derivedpb.GreetResponse{Value: greetAnswer.Value}, client.Greet)
	addCall(s, "bare_result", &derivedpb.AddUpRequest{Left: addLeft, Right: addRight}, &derivedpb.AddUpResponse{Value: addAnswer.Sum}, client.AddUp)
	addCall(s, "bare_list_result", &derivedpb.ListNamesRequest{Prefix: namesPrefix}, &derivedpb.ListNamesResponse{Value: namesAnswer.Names},
		client.ListNames)
	addCall(s, "no_exception", &derivedpb.FailRequest{CaseId: "no_exception"}, &derivedpb.Ticket{Text: "did not fail", Count: 3}, client.Fail)
	s.add("metadata_roundtrip", func() (any, any, error) { return exchangeHeaders(client) })
	for name, sample := range newerSamples {
		addCall(s, name, sample.request, sample.answer, newerpb.NewNewerClient(s.channel).Badge)
	}
	addDerivedErrorCases(s, client)
	addCourseCases(s)
}

// exchangeHeaders sends metadata and no message; the answer comes in the place that the provider has for it.
func exchangeHeaders(client derivedpb.InteropClient) (any, any, error) {
	ctx, done := patient()
	defer done()
	sent := metadata.Pairs("x-koine-greeting", "hello", "x-koine-tag", "caller")
	var headers, trailers metadata.MD
	answer, err := client.ExchangeHeaders(metadata.NewOutgoingContext(ctx, sent), &derivedpb.ExchangeHeadersRequest{},
		grpc.Header(&headers), grpc.Trailer(&trailers))
	if err != nil {
		return nil, nil, err
	}
	got := marked(metadata.Join(headers, trailers))
	for name, value := range answer.GetValue() {
		got[name] = []string{value}
	}
	return got, map[string]any{"x-koine-reply": []string{"world"}, "x-koine-tag": []string{"provider"}}, nil
}

func addDerivedErrorCases(s *suite, client derivedpb.InteropClient) {
	for name, want := range declared {
		addFailure(s, name, func(ctx context.Context) error {
			_, err := client.Fail(ctx, &derivedpb.FailRequest{CaseId: name})
			return err
		}, func(failure *status.Status) (any, any, error) {
			if failure.Code() != want.code {
				return nil, nil, unexpected(failure.Err())
			}
			detail, err := anypb.New(want.detail)
			return statusFields(failure.Code(), "", failure.Proto().GetDetails()), statusFields(want.code, "", []*anypb.Any{detail}), err
		})
	}
	addDeliberate(s, func(ctx context.Context) error {
		_, err := client.Fail(ctx, &derivedpb.FailRequest{CaseId: "undeclared_failure"})
		return err
	})
	addNoSuchMethod(s, derivedpb.Interop_ServiceDesc.ServiceName)
}
