//go:build derived

package main

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/apache/thrift/lib/go/thrift"

	"koine.dev/interop/go-thrift/gen/derived"
)

func init() { addDerivedCases = addCasesOfDerived }

type derivedClient = derived.InteropServiceClient

// derivedService calls a gRPC provider with the Thrift types that Koine derives.
type derivedService struct{ client *derivedClient }

func openDerived(c *connection) thriftService {
	return derivedService{derived.NewInteropServiceClient(c.client)}
}

// part takes one field out of an answer, if there is one.
func part[A, T any](answer *A, err error, field func(*A) T) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	return field(answer), nil
}

func (d derivedService) greet(ctx context.Context) error {
	_, err := d.client.Greet(ctx)
	return err
}

func (d derivedService) linger(ctx context.Context, nonce int64, waitMillis int32) (int64, error) {
	answer, err := d.client.Linger(ctx, &derived.LingerRequest{Nonce: nonce, WaitMillis: waitMillis})
	return part(answer, err, (*derived.NonceMessage).GetNonce)
}

func (d derivedService) stamp(ctx context.Context, nonce int64) (int64, error) {
	answer, err := d.client.Stamp(ctx, &derived.NonceMessage{Nonce: nonce})
	return part(answer, err, (*derived.NonceMessage).GetNonce)
}

func (d derivedService) post(ctx context.Context, nonce int64, note string) error {
	return d.client.Post(ctx, &derived.PostRequest{Nonce: nonce, Note: note})
}

func (d derivedService) reset(ctx context.Context, nonce int64) error {
	return d.client.Reset(ctx, &derived.NonceMessage{Nonce: nonce})
}

func (d derivedService) seen(ctx context.Context, nonce int64) (sighting, error) {
	s, err := d.client.Seen(ctx, &derived.NonceMessage{Nonce: nonce})
	if err != nil {
		return sighting{}, err
	}
	return sighting{s.Posts, s.Resets, s.LingersStarted, s.LingersCancelled}, nil
}

func (d derivedService) stampCall(nonce int64) (string, thrift.TStruct, thrift.TStruct, func() (int64, bool)) {
	result := derived.NewInteropServiceStampResult()
	arguments := &derived.InteropServiceStampArgs{Request: &derived.NonceMessage{Nonce: nonce}}
	return "stamp", arguments, result, func() (int64, bool) {
		if result.Success == nil {
			return 0, false
		}
		return result.Success.Nonce, true
	}
}

func addDerivedSamples[T any](s *suite, samples []sample[T], nameIt func(T, string) T,
	call func(*derivedClient, context.Context, T) (T, error)) {
	for _, one := range samples {
		addDerivedCall(s, one.name, nameIt(one.answer, one.name+".answer"), func(c *derivedClient, ctx context.Context) (any, error) {
			return call(c, ctx, nameIt(one.request, one.name))
		})
	}
}

func addDerivedCall(s *suite, name string, want any, call func(*derivedClient, context.Context) (any, error)) {
	s.add(name, func() (any, any, error) {
		opened, err := s.shared()
		if err != nil {
			return nil, nil, err
		}
		answer, err := call(derived.NewInteropServiceClient(opened.client), context.Background())
		if err != nil {
			return nil, nil, err
		}
		return render(answer), render(want), nil
	})
}

func addCasesOfDerived(s *suite) {
	type client = derivedClient
	s.open = openDerived
	s.seesCancels = true
	addDerivedSamples(s, numberSamples, func(v *derived.Numbers, name string) *derived.Numbers {
		return named(v, func(c *derived.Numbers) { c.CaseID = name })
	}, (*client).CheckNumbers)
	addDerivedSamples(s, blobSamples, func(v *derived.Blob, name string) *derived.Blob {
		return named(v, func(c *derived.Blob) { c.CaseID = name })
	}, (*client).CheckBlob)
	addDerivedSamples(s, repeatSamples, func(v *derived.Repeats, name string) *derived.Repeats {
		return named(v, func(c *derived.Repeats) { c.CaseID = name })
	}, (*client).CheckRepeats)
	addDerivedSamples(s, dictionarySamples, func(v *derived.Dictionaries, name string) *derived.Dictionaries {
		return named(v, func(c *derived.Dictionaries) { c.CaseID = name })
	}, (*client).CheckDictionaries)
	addDerivedSamples(s, purchaseSamples, func(v *derived.Purchase, name string) *derived.Purchase {
		return named(v, func(c *derived.Purchase) { c.CaseID = name })
	}, (*client).PlacePurchase)
	addDerivedSamples(s, treeSamples, func(v *derived.TreeNode, _ string) *derived.TreeNode { return v }, (*client).Grow)
	addDerivedSamples(s, presenceSamples, func(v *derived.Presence, name string) *derived.Presence {
		return named(v, func(c *derived.Presence) { c.CaseID = name })
	}, (*client).CheckPresence)
	addDerivedSamples(s, coatingSamples, func(v *derived.Coating, name string) *derived.Coating {
		return named(v, func(c *derived.Coating) { c.CaseID = name })
	}, (*client).Coat)
	addDerivedSamples(s, selectionSamples, func(v *derived.Selection, name string) *derived.Selection {
		return named(v, func(c *derived.Selection) { c.CaseID = name })
	}, (*client).Select)
	addDerivedSamples(s, momentSamples, func(v *derived.Moments, name string) *derived.Moments {
		return named(v, func(c *derived.Moments) { c.CaseID = name })
	}, (*client).CheckMoments)
	addDerivedCalls(s)
	addDerivedErrorCases(s)
	addCourseCases(s)
}

func addDerivedCalls(s *suite) {
	type client = derivedClient
	addDerivedCall(s, "several_arguments", severalAnswer, func(c *client, ctx context.Context) (any, error) {
		answer, err := c.Several(ctx, severalProto)
		return part(answer, err, (*derived.TextReply).GetValue)
	})
	addDerivedCall(s, "no_arguments", greetAnswer, func(c *client, ctx context.Context) (any, error) {
		answer, err := c.Greet(ctx)
		return part(answer, err, (*derived.TextReply).GetValue)
	})
	addDerivedCall(s, "bare_result", addAnswer, func(c *client, ctx context.Context) (any, error) {
		answer, err := c.Add(ctx, &derived.AddRequest{Left: addLeft, Right: addRight})
		return part(answer, err, (*derived.AddReply).GetSum)
	})
	addDerivedCall(s, "bare_list_result", namesAnswer, func(c *client, ctx context.Context) (any, error) {
		answer, err := c.ListNames(ctx, &derived.ListNamesRequest{Prefix: namesPrefix})
		return part(answer, err, (*derived.ListNamesReply).GetNames)
	})
	addDerivedCall(s, "no_exception", &derived.Ticket{Text: "did not fail", Count: 3}, func(c *client, ctx context.Context) (any, error) {
		return c.Fail(ctx, &derived.FailRequest{CaseID: "no_exception"})
	})
	s.add("metadata_roundtrip", func() (any, any, error) {
		opened, err := s.shared()
		if err != nil {
			return nil, nil, err
		}
		client, nonce := derived.NewInteropServiceClient(opened.client), newNonce()
		answer, err := client.ExchangeMetadata(withInfo(context.Background(), protoEntries), &derived.NonceMessage{Nonce: nonce})
		if err != nil {
			return nil, nil, err
		}
		return []any{answer.Nonce, hexed(marked(client.LastResponseMeta_().Headers))}, []any{^nonce, hexed(protoAnswers)}, nil
	})
}

// The metadata of contract.proto: binary entries are their bytes in info headers.
var (
	protoEntries = map[string]string{"x-koine-greeting": "hello", "x-koine-blob-bin": "\x00\xff\x80\x0a"}
	protoAnswers = map[string]string{"x-koine-reply": "world", "x-koine-trail": "done", "x-koine-blob-bin": "\xff\x00\x7f\x01"}
)

func hexed(entries map[string]string) map[string]string {
	shown := map[string]string{}
	for name, value := range entries {
		shown[name] = hex.EncodeToString([]byte(value))
	}
	return shown
}

// protoDetail is a google.protobuf.Any of a message of contract.proto, as bytes.
func protoDetail(message string, encoded string) []byte {
	url := "type.googleapis.com/koine.interop.v1." + message
	value, err := hex.DecodeString(encoded)
	if err != nil {
		panic(err)
	}
	detail := append([]byte{0x0a, byte(len(url))}, url...)
	return append(append(detail, 0x12, byte(len(value))), value...)
}

// What the two declared failures of contract.proto look like: MissingResource
// {1: "shelf/ä", 2: -12} and QuotaExceeded {1: 100, 2: LineItem {1: "Q", 2: 1000, 5: 101, 6: 5}}.
var (
	missingStatus = &derived.RpcStatus{Code: 5, Message: "no such shelf: ä", Details: [][]byte{
		protoDetail("MissingResource", "0a087368656c662fc3a410f4ffffffffffffffff01")}}
	quotaStatus = &derived.RpcStatus{Code: 8, Message: "over quota: 100 %", Details: [][]byte{
		protoDetail("QuotaExceeded", "0864120a0a015110e80728653005")}}
)

func addDerivedErrorCases(s *suite) {
	type client = derivedClient
	for name, want := range map[string]*derived.RpcStatus{"declared_exception_a": missingStatus, "declared_exception_b": quotaStatus} {
		addDerivedCall(s, name, want, func(c *client, ctx context.Context) (any, error) {
			_, err := c.Fail(ctx, &derived.FailRequest{CaseID: name})
			var status *derived.RpcStatus
			if errors.As(err, &status) {
				return status, nil
			}
			return nil, unexpected(err)
		})
	}
	addDerivedCall(s, "undeclared_failure", "UNKNOWN with the text", func(c *client, ctx context.Context) (any, error) {
		_, err := c.Fail(ctx, &derived.FailRequest{CaseID: "undeclared_failure"})
		var status *derived.RpcStatus
		if errors.As(err, &status) && status.Code == 2 && strings.Contains(status.Message, deliberateText) && len(status.Details) == 0 {
			return "UNKNOWN with the text", nil
		}
		return nil, unexpected(err)
	})
	addDerivedCall(s, "no_such_method", "UNKNOWN_METHOD", func(c *client, ctx context.Context) (any, error) {
		_, err := c.Client_().Call(ctx, "noSuchMethod", derived.NewInteropServiceGreetArgs(), derived.NewInteropServiceGreetResult())
		var application thrift.TApplicationException
		if errors.As(err, &application) && application.TypeId() == thrift.UNKNOWN_METHOD {
			return "UNKNOWN_METHOD", nil
		}
		return nil, unexpected(err)
	})
}
