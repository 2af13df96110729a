package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"time"
)

const (
	poll_pause      = 10 * time.Millisecond
	poll_limit      = 10 * time.Second
	linger_wait     = 4 * time.Second
	linger_wait_ms  = int32(linger_wait / time.Millisecond)
	in_flight_calls = 1000
	// answer_limit bounds every call of a case that is not about time: nothing may hang.
	answer_limit   = 60 * time.Second
	postNote       = "put it on the door"
	deliberateText = "deliberate failure"
)

// service is what the cases about the course of a call need of a contract,
// whichever IDL its types were generated from.
type service interface {
	greet(ctx context.Context) error
	linger(ctx context.Context, nonce int64, waitMillis int32) (int64, error)
	stamp(ctx context.Context, nonce int64) (int64, error)
	post(ctx context.Context, nonce int64, note string) error
	reset(ctx context.Context, nonce int64) error
	seen(ctx context.Context, nonce int64) (sighting, error)
}

// sighting is what the provider saw of a nonce.
type sighting struct{ posts, resets, started, cancelled int32 }

// caseFunc runs one case and returns what was seen and what should have been.
type caseFunc func() (got, want any, err error)

// caseTable holds the cases of a contract in their order.
type caseTable struct {
	order []string
	cases map[string]caseFunc
}

func (t *caseTable) names() []string { return t.order }

func (t *caseTable) add(name string, run caseFunc) {
	if t.cases == nil {
		t.cases = map[string]caseFunc{}
	}
	t.order = append(t.order, name)
	t.cases[name] = run
}

func (t *caseTable) runCase(name string) (got, want any, err error) {
	run, ok := t.cases[name]
	if !ok {
		return nil, nil, fmt.Errorf("no case %q in this contract", name)
	}
	defer func() {
		if problem := recover(); problem != nil {
			got, want, err = nil, nil, fmt.Errorf("panic: %v", problem)
		}
	}()
	return run()
}

// addDerivedCases and addJavaCases are set by the files that are built when the derived IDLs are there.
var addDerivedCases, addJavaCases func(*suite)

// addContractCases adds the cases of the contract that the target names.
func addContractCases(s *suite, contract string) error {
	add, known := map[string]func(*suite){"own": addOwnCases, "derived": addDerivedCases, "java": addJavaCases}[contract]
	if !known {
		return fmt.Errorf("unknown contract %q (own, derived, java)", contract)
	}
	if add == nil {
		return errors.New("built without the derived contracts: build it with a koine binary")
	}
	add(s)
	return nil
}

func newNonce() int64 { return rand.Int63() }

// patient is the context of a call that is not about time.
func patient() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), answer_limit)
}

func voidCase(ctx context.Context, api service) (any, any, error) {
	nonce := newNonce()
	if err := api.reset(ctx, nonce); err != nil {
		return nil, nil, err
	}
	seen, err := api.seen(ctx, nonce)
	return map[string]any{"resets": seen.resets}, map[string]any{"resets": 1}, err
}

func onewayCase(ctx context.Context, api service) (any, any, error) {
	nonce := newNonce()
	if err := api.post(ctx, nonce, postNote); err != nil {
		return nil, nil, err
	}
	seen, err := poll(ctx, api, nonce, func(seen sighting) bool { return seen.posts > 0 })
	return map[string]any{"posts": seen.posts}, map[string]any{"posts": 1}, err
}

// poll asks what the provider saw until enough says so or the limit is over.
func poll(ctx context.Context, api service, nonce int64, enough func(sighting) bool) (sighting, error) {
	for end := time.Now().Add(poll_limit); ; time.Sleep(poll_pause) {
		seen, err := api.seen(ctx, nonce)
		if err != nil || enough(seen) || time.Now().After(end) {
			return seen, err
		}
	}
}

// aftermath checks that an abandoned call was started once, that a provider
// which can see its caller go did so, and that a late answer reaches nobody else.
func aftermath(ctx context.Context, api, fresh service, nonce int64, seesCancels bool) (any, any, error) {
	wanted := int32(0)
	if seesCancels {
		wanted = 1
	}
	seen, err := poll(ctx, api, nonce, func(seen sighting) bool { return seen.started > 0 && seen.cancelled >= wanted })
	if err != nil {
		return nil, nil, err
	}
	if !seesCancels {
		seen.cancelled = 0 // some Thrift servers notice a closed connection, most do not
	}
	next := newNonce()
	stamped, err := fresh.stamp(ctx, next)
	got := map[string]any{"started": seen.started, "cancelled": seen.cancelled, "stamp": stamped}
	want := map[string]any{"started": 1, "cancelled": wanted, "stamp": ^next}
	return got, want, err
}
