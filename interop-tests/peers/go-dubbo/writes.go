package main

import (
	"context"
	"time"

	"dubbo.apache.org/dubbo-go/v3/client"
)

// write is a write whose answer does not come back (interop-tests/once): how often did it run, and what was the caller told?
func (s *suite) write(limit time.Duration, waitMillis int32) (any, any, error) {
	ctx, done := patient()
	defer done()
	hurried, stop := context.WithTimeout(ctx, limit)
	defer stop()
	nonce, ended := newNonce(), "answered"
	if _, err := (remote{&s.connections}).linger(hurried, nonce, waitMillis); err != nil {
		ended = describe(err)
	}
	witness := connections{s.target.witness, map[string]*client.Connection{}}
	seen, err := remote{&witness}.seen(context.WithoutCancel(ctx), nonce)
	got := map[string]any{"ended": ended, "runs": seen.started}
	return got, got, err
}
