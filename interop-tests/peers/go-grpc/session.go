package main

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// dial makes a channel of its own, with its own connection.
func dial(t target) (*grpc.ClientConn, error) {
	return grpc.NewClient("passthrough:///"+t.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

// describe names an error the way the runner matches it.
func describe(err error) string {
	var unexpected *unexpectedError
	if errors.As(err, &unexpected) && unexpected.cause != nil {
		err = unexpected.cause
	}
	if known, ok := status.FromError(err); ok {
		return codeName(known.Code()) + ": " + known.Message()
	}
	return fmt.Sprintf("%T: %s", err, err)
}

// codeName is the code as the gRPC specification writes it.
func codeName(c codes.Code) string { return code.Code(c).String() }

// unexpectedError says that a call ended otherwise than its case wants.
type unexpectedError struct{ cause error }

func (u *unexpectedError) Error() string {
	if u.cause == nil {
		return "the call ended well"
	}
	return "unexpected: " + u.cause.Error()
}

func unexpected(cause error) error { return &unexpectedError{cause} }

// marked are the entries of the case metadata_roundtrip; others belong to libraries and gateways.
func marked(all metadata.MD) map[string]any {
	entries := map[string]any{}
	for key, values := range all {
		if !strings.HasPrefix(key, "x-koine-") {
			continue
		}
		shown := make([]string, 0, len(values))
		for _, value := range values {
			if strings.HasSuffix(key, "-bin") {
				value = fmt.Sprintf("hex:%x", value)
			}
			shown = append(shown, value)
		}
		entries[key] = shown
	}
	return entries
}
