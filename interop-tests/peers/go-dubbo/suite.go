package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"dubbo.apache.org/dubbo-go/v3/client"
	"dubbo.apache.org/dubbo-go/v3/common/constant"
	"dubbo.apache.org/dubbo-go/v3/protocol/dubbo/hessian2"
	hessian "github.com/apache/dubbo-go-hessian2"
	"github.com/apache/dubbo-go-hessian2/java_exception"
)

// suite is one target's references and the cases of the contract.
type suite struct {
	caseTable
	connections
	target target
}

func suiteOf(t target) (*suite, error) {
	s := &suite{target: t, connections: connections{t.address, map[string]*client.Connection{}}}
	return s, addContractCases(s, t.contract)
}

// run runs one case. What the library cannot read ends its connection, and it takes its time to make another.
func (s *suite) run(name string) (got, want any, err error) {
	if got, want, err = s.runCase(name); err != nil {
		for end := time.Now().Add(poll_limit); time.Now().Before(end); time.Sleep(poll_pause) {
			if (remote{&s.connections}).greet(context.Background()) == nil {
				break
			}
		}
	}
	return got, want, err
}

func (s *suite) close() {}

func addOwnCases(s *suite) {
	for _, one := range table {
		if one.isOneCall() {
			s.add(one.name, func() (any, any, error) { return s.oneCall(one) })
		}
	}
	s.add("void", s.in(voidCase))
	s.add("oneway", s.in(onewayCase))
	s.add("deadline_passed", s.in(s.runDeadline))
	s.add("in_flight_1000", s.in(runInFlight))
	s.add("metadata_roundtrip", func() (any, any, error) { return s.exchange("metadata_roundtrip") })
	s.add("attachments_objects", func() (any, any, error) { return s.exchange("attachments_objects") })
	s.add("no_such_method", func() (any, any, error) { return s.refused("noSuchMethod", "", "") })
	s.add("wrong_version", func() (any, any, error) { return s.refused("greet", "", "9.9.9") })
	s.add("wrong_group", func() (any, any, error) { return s.refused("greet", "green", "") })
	s.add("generic_call", s.runGeneric)
	s.add("generic_exception", s.runGenericException)
	s.add("write_once", func() (any, any, error) { return s.write(answer_limit, 0) })
	s.add("write_once_slow", func() (any, any, error) { return s.write(s.target.deadline, linger_wait_ms) })
}

func (s *suite) in(run func(context.Context, service) (any, any, error)) caseFunc {
	return func() (any, any, error) {
		ctx, done := patient()
		defer done()
		return run(ctx, remote{&s.connections})
	}
}

// oneCall is a case that is one call with values from the table.
func (s *suite) oneCall(one entry) (any, any, error) {
	opened, err := s.of(one.text("group"), one.text("version"))
	if err != nil {
		return nil, nil, err
	}
	ctx, done := patient()
	defer done()
	answer := reflect.New(reflect.TypeOf(one.method().answer))
	err = opened.CallUnary(ctx, one.arguments(), answer.Interface(), one.text("method"))
	if err == nil && one.answers() {
		return render(answer.Interface()), render(one.answer()), nil
	}
	if err == nil || one.answers() {
		return nil, nil, unexpected(err)
	}
	// The library keeps of an exception its class and its text.
	var got *hessian2.GenericException
	if !errors.As(err, &got) {
		return nil, nil, unexpected(err)
	}
	want := one.thrown().(java_exception.Throwabler)
	if foreign := one.values["error"].(*object).text("thrown"); foreign != "" {
		// The text of what only the provider has begins with its class and message, a stack follows.
		first, _, _ := strings.Cut(got.ExceptionMessage, "\n")
		return []any{got.ExceptionClass, first}, []any{want.JavaClassName(), foreign + ": " + want.Error()}, nil
	}
	return []any{got.ExceptionClass, got.ExceptionMessage}, []any{want.JavaClassName(), want.Error()}, nil
}

func unexpected(err error) error {
	if err == nil {
		return errors.New("the call ended well")
	}
	return fmt.Errorf("unexpected %T: %w", err, err)
}

func (s *suite) runDeadline(ctx context.Context, api service) (any, any, error) {
	if err := api.greet(ctx); err != nil {
		return nil, nil, err
	}
	nonce, start := newNonce(), time.Now()
	hurried, stop := context.WithTimeout(ctx, s.target.deadline)
	defer stop()
	_, failure := api.linger(hurried, nonce, linger_wait_ms)
	if failure == nil || !strings.Contains(failure.Error(), "timeout") && !strings.Contains(strings.ToLower(failure.Error()), "deadline_exceeded") {
		return nil, nil, unexpected(failure)
	}
	if took := time.Since(start); took >= linger_wait {
		return nil, nil, fmt.Errorf("the deadline of %s was noticed after %s", s.target.deadline, took)
	}
	return aftermath(ctx, api, api, nonce, false)
}

// runInFlight makes all its calls at once on one connection.
func runInFlight(ctx context.Context, api service) (any, any, error) {
	base := newNonce() &^ 0xffff
	var calls sync.WaitGroup
	right := make([]bool, in_flight_calls)
	failures := make([]error, in_flight_calls)
	for i := range right {
		calls.Add(1)
		go func() {
			defer calls.Done()
			answer, err := api.stamp(ctx, base+int64(i))
			right[i], failures[i] = answer == ^(base+int64(i)), err
		}()
	}
	calls.Wait()
	count := 0
	for i := range right {
		if failures[i] != nil {
			return nil, nil, fmt.Errorf("call %d: %w", i, failures[i])
		}
		if right[i] {
			count++
		}
	}
	return count, in_flight_calls, nil
}

func (s *suite) exchange(name string) (any, any, error) {
	ctx, done := patient()
	defer done()
	ctx = context.WithValue(ctx, constant.AttachmentKey, attachments(name, "request_attachments"))
	wanted, nonce := attachments(name, "answer_attachments"), newNonce()
	opened, err := s.of("", "")
	if err != nil {
		return nil, nil, err
	}
	var answer int64
	var headers, trailers http.Header
	fields := []client.CallOption{client.WithResponseHeader(&headers), client.WithResponseTrailer(&trailers)}
	if err := opened.CallUnary(ctx, []any{nonce}, &answer, "exchangeAttachments", fields...); err != nil {
		return nil, nil, err
	}
	return []any{answer, render(answers.taken(wanted, headers, trailers))}, []any{^nonce, render(wanted)}, nil
}

// refused wants the text of a provider's status, or of Koine's for another protocol's, which is all that the library tells of it. Of Triple it tells the HTTP status where
// that is not 200, and Java's of a method that is not there is 500.
func (s *suite) refused(method, group, version string) (any, any, error) {
	opened, err := s.of(group, version)
	if err != nil {
		return nil, nil, err
	}
	ctx, done := patient()
	defer done()
	var answer any
	err = opened.CallUnary(ctx, []any{}, &answer, method)
	if err == nil {
		return nil, nil, unexpected(err)
	}
	for _, known := range []string{"Fail to decode request", "Not found exported service", "Failed to invoke remote proxy method", "CALL_UNKNOWN_SERVICE",
		"java exception:[UNIMPLEMENTED] ", "unimplemented: ", "unknown: HTTP status 500", "\"methodDescriptors\" is null"} {
		if strings.Contains(err.Error(), known) {
			return "refused", "refused", nil
		}
	}
	return nil, nil, unexpected(err)
}

// generic calls without the classes of the contract.
func (s *suite) generic(method, class string, argument any) (any, error) {
	caller, err := client.NewClient(client.WithClientNoCheck())
	if err != nil {
		return nil, err
	}
	generic, err := caller.NewGenericService(interface_name, options(s.address, "", "")...)
	if err != nil {
		return nil, err
	}
	return generic.Invoke(context.Background(), method, []string{class}, []hessian.Object{argument})
}

// runGeneric sends the tree of recursive_bush as maps.
func (s *suite) runGeneric() (any, any, error) {
	answer, err := s.generic("grow", shop_package+"Node", treeOfMaps(entryOf("recursive_bush").arguments()[0].(*Node)))
	tree, _ := answer.(map[any]any)
	want := entryOf("recursive_bush").answer().(*Node)
	return render([]any{tree["name"], tree["weight"], tree["class"]}), render([]any{want.Name, want.Weight, want.JavaClassName()}), err
}

func treeOfMaps(node *Node) map[string]any {
	children := []any{}
	for _, child := range node.Children {
		children = append(children, treeOfMaps(child))
	}
	return map[string]any{"name": node.Name, "weight": node.Weight, "children": children}
}

func (s *suite) runGenericException() (any, any, error) {
	_, err := s.generic("fail", "java.lang.String", "declared_exception_a")
	var got *hessian2.GenericException
	if !errors.As(err, &got) {
		return nil, nil, unexpected(err)
	}
	want := entryOf("declared_exception_a").thrown().(java_exception.Throwabler)
	return []any{got.ExceptionClass, got.ExceptionMessage}, []any{want.JavaClassName(), want.Error()}, nil
}
