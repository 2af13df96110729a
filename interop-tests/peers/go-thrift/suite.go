package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
)

const (
	poll_pause      = 10 * time.Millisecond
	poll_limit      = 10 * time.Second
	linger_wait_ms  = 4000
	in_flight_calls = 1000
	pipeline_window = 50
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
	// stampCall is the raw call for writing several requests before the first answer.
	stampCall(nonce int64) (method string, arguments, result thrift.TStruct, value func() (int64, bool))
}

type sighting struct{ posts, resets, started, cancelled int32 }

// caseFunc runs one case and returns what was seen and what should have been.
type caseFunc func() (got, want any, err error)

// suite is one target's connection and the cases of its contract.
type suite struct {
	target      target
	connection  *connection
	open        func(*connection) service
	seesCancels bool // the provider can tell that its caller has gone
	order       []string
	cases       map[string]caseFunc
}

func suiteOf(t target) (*suite, error) {
	s := &suite{target: t, cases: map[string]caseFunc{}}
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
		if err != nil {
			s.close() // whatever is left on the wire belongs to the case that failed
		}
	}()
	return run()
}

// shared is the connection of all cases that do not need one of their own.
func (s *suite) shared() (*connection, error) {
	if s.connection == nil {
		opened, err := dial(s.target, answer_limit)
		if err != nil {
			return nil, err
		}
		s.connection = opened
	}
	return s.connection, nil
}

func (s *suite) close() {
	if s.connection != nil {
		_ = s.connection.socket.Close()
		s.connection = nil
	}
}

func (s *suite) service() (service, error) {
	opened, err := s.shared()
	if err != nil {
		return nil, err
	}
	return s.open(opened), nil
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
	api, err := s.service()
	if err != nil {
		return nil, nil, err
	}
	nonce := newNonce()
	if err := api.reset(context.Background(), nonce); err != nil {
		return nil, nil, err
	}
	seen, err := api.seen(context.Background(), nonce)
	return map[string]any{"resets": seen.resets}, map[string]any{"resets": 1}, err
}

func (s *suite) runOneway() (any, any, error) {
	api, err := s.service()
	if err != nil {
		return nil, nil, err
	}
	nonce := newNonce()
	if err := api.post(context.Background(), nonce, postNote); err != nil {
		return nil, nil, err
	}
	seen, err := poll(api, nonce, func(seen sighting) bool { return seen.posts > 0 })
	return map[string]any{"posts": seen.posts}, map[string]any{"posts": 1}, err
}

// poll asks what the provider saw until enough says so or the limit is over.
func poll(api service, nonce int64, enough func(sighting) bool) (sighting, error) {
	for end := time.Now().Add(poll_limit); ; time.Sleep(poll_pause) {
		seen, err := api.seen(context.Background(), nonce)
		if err != nil || enough(seen) || time.Now().After(end) {
			return seen, err
		}
	}
}

func (s *suite) runDeadline() (any, any, error) {
	api, err := s.service()
	if err != nil {
		return nil, nil, err
	}
	if err := api.greet(context.Background()); err != nil {
		return nil, nil, err
	}
	hurried, err := dial(s.target, s.target.deadline)
	if err != nil {
		return nil, nil, err
	}
	nonce := newNonce()
	_, failure := s.open(hurried).linger(context.Background(), nonce, linger_wait_ms)
	_ = hurried.socket.Close()
	var timeout thrift.TTransportException
	if !errors.As(failure, &timeout) || timeout.TypeId() != thrift.TIMED_OUT {
		return nil, nil, fmt.Errorf("a time-out was due, not: %v", failure)
	}
	return s.aftermath(api, nonce)
}

func (s *suite) runCancelled() (any, any, error) {
	api, err := s.service()
	if err != nil {
		return nil, nil, err
	}
	abandoned, err := dial(s.target, answer_limit)
	if err != nil {
		return nil, nil, err
	}
	nonce := newNonce()
	ended := make(chan error, 1)
	go func() {
		_, failure := s.open(abandoned).linger(context.Background(), nonce, linger_wait_ms)
		ended <- failure
	}()
	if _, err := poll(api, nonce, func(seen sighting) bool { return seen.started > 0 }); err != nil {
		return nil, nil, err
	}
	_ = abandoned.socket.Close()
	if failure := <-ended; failure == nil {
		return nil, nil, errors.New("the call was answered before it could be cancelled")
	}
	return s.aftermath(api, nonce)
}

// aftermath checks that an abandoned call was started once, that a provider
// which can see its caller go did so, and that a late answer reaches nobody else.
func (s *suite) aftermath(api service, nonce int64) (any, any, error) {
	wanted := int32(0)
	if s.seesCancels {
		wanted = 1
	}
	seen, err := poll(api, nonce, func(seen sighting) bool { return seen.started > 0 && seen.cancelled >= wanted })
	if err != nil {
		return nil, nil, err
	}
	if !s.seesCancels {
		seen.cancelled = 0 // some Thrift servers notice a closed connection, most do not
	}
	fresh, err := dial(s.target, answer_limit)
	if err != nil {
		return nil, nil, err
	}
	defer fresh.socket.Close()
	next := newNonce()
	stamped, err := s.open(fresh).stamp(context.Background(), next)
	got := map[string]any{"started": seen.started, "cancelled": seen.cancelled, "stamp": stamped}
	want := map[string]any{"started": 1, "cancelled": wanted, "stamp": ^next}
	return got, want, err
}

// runInFlight writes requests a window ahead of the answers on one connection.
func (s *suite) runInFlight() (any, any, error) {
	own, err := dial(s.target, answer_limit)
	if err != nil {
		return nil, nil, err
	}
	defer own.socket.Close()
	api := s.open(own)
	ctx := context.Background()
	base := newNonce() &^ 0xffff
	type pending struct {
		nonce  int64
		result thrift.TStruct
		value  func() (int64, bool)
	}
	var queue []pending
	right, sent := 0, 0
	for received := 0; received < in_flight_calls; received++ {
		for ; sent < in_flight_calls && sent-received < pipeline_window; sent++ {
			nonce := base + int64(sent)
			method, arguments, result, value := api.stampCall(nonce)
			if err := own.client.Send(ctx, own.protocol, int32(sent+1), method, arguments); err != nil {
				return nil, nil, err
			}
			queue = append(queue, pending{nonce, result, value})
		}
		method, _, _, _ := api.stampCall(0)
		if err := own.client.Recv(ctx, own.protocol, int32(received+1), method, queue[received].result); err != nil {
			return nil, nil, fmt.Errorf("answer %d: %w", received, err)
		}
		if answer, ok := queue[received].value(); ok && answer == ^queue[received].nonce {
			right++
		}
	}
	return map[string]any{"right": right}, map[string]any{"right": in_flight_calls}, nil
}
