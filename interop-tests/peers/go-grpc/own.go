package main

import (
	"context"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"

	"koine.dev/interop/go-grpc/gen/contractpb"
)

// ownService calls a gRPC provider with the types of contract.proto.
type ownService struct {
	client contractpb.InteropServiceClient
}

func openOwn(channel *grpc.ClientConn) service {
	return ownService{contractpb.NewInteropServiceClient(channel)}
}

func (o ownService) greet(ctx context.Context) error {
	_, err := o.client.Greet(ctx, &emptypb.Empty{})
	return err
}

func (o ownService) linger(ctx context.Context, nonce int64, waitMillis int32) (int64, error) {
	answer, err := o.client.Linger(ctx, &contractpb.LingerRequest{Nonce: nonce, WaitMillis: waitMillis})
	return answer.GetNonce(), err
}

func (o ownService) stamp(ctx context.Context, nonce int64) (int64, error) {
	answer, err := o.client.Stamp(ctx, &contractpb.NonceMessage{Nonce: nonce})
	return answer.GetNonce(), err
}

func (o ownService) post(ctx context.Context, nonce int64, note string) error {
	_, err := o.client.Post(ctx, &contractpb.PostRequest{Nonce: nonce, Note: note})
	return err
}

func (o ownService) reset(ctx context.Context, nonce int64) error {
	_, err := o.client.Reset(ctx, &contractpb.NonceMessage{Nonce: nonce})
	return err
}

func (o ownService) seen(ctx context.Context, nonce int64) (sighting, error) {
	s, err := o.client.Seen(ctx, &contractpb.NonceMessage{Nonce: nonce})
	return sighting{s.GetPosts(), s.GetResets(), s.GetLingersStarted(), s.GetLingersCancelled()}, err
}

// addCall adds a case that is one call with an answer to compare.
func addCall[Q, A proto.Message](s *suite, name string, request Q, want A,
	call func(context.Context, Q, ...grpc.CallOption) (A, error)) {
	s.add(name, func() (any, any, error) {
		ctx, done := patient()
		defer done()
		answer, err := call(ctx, request)
		if err != nil {
			return nil, nil, err
		}
		return render(answer), render(want), nil
	})
}

// addSamples adds one case for each sample of a method that answers with the type it takes.
func addSamples[T proto.Message](s *suite, samples []sample[T], call func(context.Context, T, ...grpc.CallOption) (T, error)) {
	for _, one := range samples {
		addCall(s, one.name, named(one.request, one.name), named(one.answer, one.name+".answer"), call)
	}
}

func addOwnCases(s *suite) {
	s.open = openOwn
	s.seesCancels = true
	client := contractpb.NewInteropServiceClient(s.channel)
	addSamples(s, numberSamples, client.CheckNumbers)
	addSamples(s, blobSamples, client.CheckBlob)
	addSamples(s, repeatSamples, client.CheckRepeats)
	addSamples(s, dictionarySamples, client.CheckDictionaries)
	addSamples(s, purchaseSamples, client.PlacePurchase)
	addSamples(s, treeSamples, client.Grow)
	addSamples(s, presenceSamples, client.CheckPresence)
	addSamples(s, coatingSamples, client.Coat)
	addSamples(s, selectionSamples, client.Select)
	addSamples(s, momentSamples, client.CheckMoments)
	addCall(s, "several_arguments", severalRequest, severalAnswer, client.Several)
	addCall(s, "no_arguments", &emptypb.Empty{}, greetAnswer, client.Greet)
	addCall(s, "bare_result", addRequest, addAnswer, client.Add)
	addCall(s, "bare_list_result", namesRequest, namesAnswer, client.ListNames)
	addCall(s, "no_exception", &contractpb.FailRequest{CaseId: "no_exception"}, ticketAnswer, client.Fail)
	addOwnErrorCases(s, client)
	s.add("metadata_roundtrip", func() (any, any, error) { return exchangeMetadata(client) })
	addCourseCases(s)
}

func addOwnErrorCases(s *suite, client contractpb.InteropServiceClient) {
	for name, want := range failing {
		addFailure(s, name, func(ctx context.Context) error {
			_, err := client.Fail(ctx, &contractpb.FailRequest{CaseId: name})
			return err
		}, func(failure *status.Status) (any, any, error) {
			detail, err := anypb.New(want.detail)
			return statusFields(failure.Code(), failure.Message(), failure.Proto().GetDetails()),
				statusFields(want.code, want.message, []*anypb.Any{detail}), err
		})
	}
	addDeliberate(s, func(ctx context.Context) error {
		_, err := client.Fail(ctx, &contractpb.FailRequest{CaseId: "undeclared_failure"})
		return err
	})
	addNoSuchMethod(s, contractpb.InteropService_ServiceDesc.ServiceName)
}

// addFailure adds a case that is one call which ends in a status.
func addFailure(s *suite, name string, call func(context.Context) error, compare func(*status.Status) (any, any, error)) {
	s.add(name, func() (any, any, error) {
		ctx, done := patient()
		defer done()
		failure, ok := status.FromError(call(ctx))
		if !ok || failure.Code() == codes.OK {
			return nil, nil, unexpected(failure.Err())
		}
		return compare(failure)
	})
}

func statusFields(code codes.Code, message string, details []*anypb.Any) any {
	return map[string]any{"code": codeName(code), "message": message, "details": renderDetails(details)}
}

func addDeliberate(s *suite, call func(context.Context) error) {
	addFailure(s, "undeclared_failure", call, func(failure *status.Status) (any, any, error) {
		if !strings.Contains(failure.Message(), deliberateText) {
			return nil, nil, unexpected(failure.Err())
		}
		return statusFields(failure.Code(), deliberateText, failure.Proto().GetDetails()), statusFields(codes.Unknown, deliberateText, nil), nil
	})
}

func addNoSuchMethod(s *suite, serviceName string) {
	addFailure(s, "no_such_method", func(ctx context.Context) error {
		return s.channel.Invoke(ctx, "/"+serviceName+"/NoSuchMethod", &emptypb.Empty{}, &emptypb.Empty{})
	}, func(failure *status.Status) (any, any, error) {
		if failure.Code() != codes.Unimplemented {
			return nil, nil, unexpected(failure.Err())
		}
		return codeName(failure.Code()), codeName(codes.Unimplemented), nil
	})
}

// exchangeMetadata sends entries of both forms and compares what comes back before and after the answer.
func exchangeMetadata(client contractpb.InteropServiceClient) (any, any, error) {
	ctx, done := patient()
	defer done()
	nonce := newNonce()
	var headers, trailers metadata.MD
	answer, err := client.ExchangeMetadata(metadata.NewOutgoingContext(ctx, callerEntries), &contractpb.NonceMessage{Nonce: nonce},
		grpc.Header(&headers), grpc.Trailer(&trailers))
	if err != nil {
		return nil, nil, err
	}
	got := map[string]any{"nonce": answer.GetNonce(), "headers": marked(headers), "trailers": marked(trailers)}
	want := map[string]any{"nonce": ^nonce, "headers": marked(answerHeaders), "trailers": marked(answerTrailers)}
	return got, want, nil
}
