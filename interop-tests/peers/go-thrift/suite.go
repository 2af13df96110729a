package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/apache/thrift/lib/go/thrift"
)

const (
	peer_name       = "go-thrift"
	pipeline_window = 50
)

// thriftService can also make the raw call, for writing several requests before the first answer.
type thriftService interface {
	service
	stampCall(nonce int64) (method string, arguments, result thrift.TStruct, value func() (int64, bool))
}

// suite is one target's connection and the cases of its contract.
type suite struct {
	caseTable
	target      target
	connection  *connection
	open        func(*connection) thriftService
	seesCancels bool // the provider can tell that its caller has gone
}

func suiteOf(t target) (*suite, error) {
	s := &suite{target: t}
	return s, addContractCases(s, t.contract)
}

func (s *suite) run(name string) (got, want any, err error) {
	if got, want, err = s.runCase(name); err != nil {
		s.close() // whatever is left on the wire belongs to the case that failed
	}
	return got, want, err
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

func (s *suite) service() (thriftService, error) {
	opened, err := s.shared()
	if err != nil {
		return nil, err
	}
	return s.open(opened), nil
}

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
	return voidCase(context.Background(), api)
}

func (s *suite) runOneway() (any, any, error) {
	api, err := s.service()
	if err != nil {
		return nil, nil, err
	}
	return onewayCase(context.Background(), api)
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
	if _, err := poll(context.Background(), api, nonce, func(seen sighting) bool { return seen.started > 0 }); err != nil {
		return nil, nil, err
	}
	_ = abandoned.socket.Close()
	if failure := <-ended; failure == nil {
		return nil, nil, errors.New("the call was answered before it could be cancelled")
	}
	return s.aftermath(api, nonce)
}

// aftermath looks at an abandoned call from a connection of its own.
func (s *suite) aftermath(api service, nonce int64) (any, any, error) {
	fresh, err := dial(s.target, answer_limit)
	if err != nil {
		return nil, nil, err
	}
	defer fresh.socket.Close()
	return aftermath(context.Background(), api, s.open(fresh), nonce, s.seesCancels)
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
			if err := own.client.Send(ctx, own.output, int32(sent+1), method, arguments); err != nil {
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
