package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	poll_pause      = 10 * time.Millisecond
	poll_limit      = 10 * time.Second
	linger_wait     = 4 * time.Second
	in_flight_calls = 1000
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

type sighting struct{ posts, resets, started, cancelled int32 }

// caseFunc runs one case and returns what was seen and what should have been.
type caseFunc func() (got, want any, err error)

// suite is one target's channel and the cases of its contract.
type suite struct {
	target      target
	channel     *grpc.ClientConn
	open        func(*grpc.ClientConn) service
	seesCancels bool // the provider can tell that its caller has gone
	order       []string
	cases       map[string]caseFunc
}

func suiteOf(t target) (*suite, error) {
	s := &suite{target: t, cases: map[string]caseFunc{}}
	var err error
	if s.channel, err = dial(t); err != nil {
		return nil, err
	}
	switch t.contract {
	case "own":
		addOwnCases(s)
	case "derived":
		if addDerivedCases == nil {
			return nil, errors.New("built without the derived contract: build it with a koine binary")
		}
		addDerivedCases(s)
	default:
		return nil, fmt.Errorf("unknown contract %q (own, derived)", t.contract)
	}
	return s, nil
}

// addDerivedCases is set by the file that is built when the derived IDL is there.
var addDerivedCases func(*suite)

func (s *suite) names() []string { return s.order }

func (s *suite) close() { _ = s.channel.Close() }

func (s *suite) add(name string, run caseFunc) {
	s.order = append(s.order, name)
	s.cases[name] = run
}

func (s *suite) run(name string) (got, want any, err error) {
	run, ok := s.cases[name]
	if !ok {
		return nil, nil, fmt.Errorf("no case %q in contract %s", name, s.target.contract)
	}
	defer func() {
		if problem := recover(); problem != nil {
			got, want, err = nil, nil, fmt.Errorf("panic: %v", problem)
		}
	}()
	return run()
}

func newNonce() int64 { return rand.Int63() }

// addCourseCases adds the cases that no pair of values describes.
func addCourseCases(s *suite) {
	s.add("void", s.runVoid)
	s.add("oneway", s.runOneway)
	s.add("deadline_passed", s.runDeadline)
	s.add("cancelled", s.runCancelled)
	s.add("in_flight_1000", s.runInFlight)
}

func (s *suite) runVoid() (any, any, error) {
	ctx, done := patient()
	defer done()
	api, nonce := s.open(s.channel), newNonce()
	if err := api.reset(ctx, nonce); err != nil {
		return nil, nil, err
	}
	seen, err := api.seen(ctx, nonce)
	return map[string]any{"resets": seen.resets}, map[string]any{"resets": 1}, err
}

func (s *suite) runOneway() (any, any, error) {
	ctx, done := patient()
	defer done()
	api, nonce := s.open(s.channel), newNonce()
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

func (s *suite) runDeadline() (any, any, error) {
	ctx, done := patient()
	defer done()
	api, nonce := s.open(s.channel), newNonce()
	if err := api.greet(ctx); err != nil {
		return nil, nil, err
	}
	hurried, stop := context.WithTimeout(context.Background(), s.target.deadline)
	defer stop()
	start := time.Now()
	_, failure := api.linger(hurried, nonce, int32(linger_wait.Milliseconds()))
	if status.Code(failure) != codes.DeadlineExceeded {
		return nil, nil, unexpected(failure)
	}
	if took := time.Since(start); took >= linger_wait {
		return nil, nil, fmt.Errorf("the deadline of %s was noticed after %s", s.target.deadline, took)
	}
	return s.aftermath(ctx, api, nonce)
}

func (s *suite) runCancelled() (any, any, error) {
	ctx, done := patient()
	defer done()
	other, err := dial(s.target)
	if err != nil {
		return nil, nil, err
	}
	defer other.Close()
	api, nonce := s.open(other), newNonce()
	abandoned, abandon := context.WithCancel(context.Background())
	defer abandon()
	ended := make(chan error, 1)
	go func() {
		_, failure := s.open(s.channel).linger(abandoned, nonce, int32(linger_wait.Milliseconds()))
		ended <- failure
	}()
	if _, err := poll(ctx, api, nonce, func(seen sighting) bool { return seen.started > 0 }); err != nil {
		return nil, nil, err
	}
	abandon()
	if failure := <-ended; status.Code(failure) != codes.Canceled {
		return nil, nil, unexpected(failure)
	}
	return s.aftermath(ctx, api, nonce)
}

// aftermath checks that an abandoned call was started once, that a provider
// which can see its caller go did so, and that a late answer reaches nobody else.
func (s *suite) aftermath(ctx context.Context, api service, nonce int64) (any, any, error) {
	wanted := int32(0)
	if s.seesCancels {
		wanted = 1
	}
	seen, err := poll(ctx, api, nonce, func(seen sighting) bool { return seen.started > 0 && seen.cancelled >= wanted })
	if err != nil {
		return nil, nil, err
	}
	if !s.seesCancels {
		seen.cancelled = 0 // some Thrift servers notice a closed connection, most do not
	}
	next := newNonce()
	stamped, err := api.stamp(ctx, next)
	got := map[string]any{"started": seen.started, "cancelled": seen.cancelled, "stamp": stamped}
	want := map[string]any{"started": 1, "cancelled": wanted, "stamp": ^next}
	return got, want, err
}

// runInFlight makes all its calls at once on one channel.
func (s *suite) runInFlight() (any, any, error) {
	ctx, done := patient()
	defer done()
	api, base := s.open(s.channel), newNonce()&^0xffff
	var calls sync.WaitGroup
	answers, failures := make([]int64, in_flight_calls), make([]error, in_flight_calls)
	for i := range answers {
		calls.Add(1)
		go func() {
			defer calls.Done()
			answers[i], failures[i] = api.stamp(ctx, base+int64(i))
		}()
	}
	calls.Wait()
	right, failed := 0, 0
	var first error
	for i, answer := range answers {
		switch {
		case failures[i] != nil:
			failed++
			if first == nil {
				first = failures[i]
			}
		case answer == ^(base + int64(i)):
			right++
		}
	}
	if first != nil {
		return nil, nil, fmt.Errorf("%d of %d calls failed, the first: %w", failed, in_flight_calls, first)
	}
	return map[string]any{"right": right}, map[string]any{"right": in_flight_calls}, nil
}
