package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const peer_name = "go-grpc"

// suite is one target's channel and the cases of its contract.
type suite struct {
	caseTable
	target      target
	channel     *grpc.ClientConn
	open        func(*grpc.ClientConn) service
	seesCancels bool // the provider can tell that its caller has gone
}

func suiteOf(t target) (*suite, error) {
	s := &suite{target: t}
	var err error
	if s.channel, err = dial(t); err != nil {
		return nil, err
	}
	return s, addContractCases(s, t.contract)
}

func (s *suite) run(name string) (got, want any, err error) { return s.runCase(name) }

func (s *suite) close() { _ = s.channel.Close() }

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
	return voidCase(ctx, s.open(s.channel))
}

func (s *suite) runOneway() (any, any, error) {
	ctx, done := patient()
	defer done()
	return onewayCase(ctx, s.open(s.channel))
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
	_, failure := api.linger(hurried, nonce, linger_wait_ms)
	if status.Code(failure) != codes.DeadlineExceeded {
		return nil, nil, unexpected(failure)
	}
	if took := time.Since(start); took >= linger_wait {
		return nil, nil, fmt.Errorf("the deadline of %s was noticed after %s", s.target.deadline, took)
	}
	return aftermath(ctx, api, api, nonce, s.seesCancels)
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
		_, failure := s.open(s.channel).linger(abandoned, nonce, linger_wait_ms)
		ended <- failure
	}()
	if _, err := poll(ctx, api, nonce, func(seen sighting) bool { return seen.started > 0 }); err != nil {
		return nil, nil, err
	}
	abandon()
	if failure := <-ended; status.Code(failure) != codes.Canceled {
		return nil, nil, unexpected(failure)
	}
	return aftermath(ctx, api, api, nonce, s.seesCancels)
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
