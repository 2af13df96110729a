package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
)

// The page docs/failures.md says what callers see of each failure. This row makes the failures happen and compares.

// told is what one caller and the operator are told of a failure, in the page's words.
type told struct{ grpc, thrift, reason string }

// readFailures reads the page's first table: failure, gRPC caller, Thrift caller, reason.
func readFailures(path string) (map[string]told, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	page, started := map[string]told{}, false
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 4 {
			if started {
				break
			}
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if started = true; cells[0] == "failure" || strings.HasPrefix(cells[0], "-") {
			continue
		}
		page[cells[0]] = told{cells[1], cells[2], cells[3]}
	}
	if len(page) == 0 {
		return nil, fmt.Errorf("%s has no table of failures", path)
	}
	return page, nil
}

// scenario makes a failure happen to a call; empty services: that kind of caller cannot meet it.
type scenario struct {
	failure  string
	kind     string // what raw providers do
	grpc     string // whom a gRPC caller calls
	thrift   string
	method   string
	request  func(dialect string) []byte // instead of a right one, for Thrift: a whole frame's contents
	spoiled  []byte                      // instead of a right one, for gRPC
	together int                         // calls at once
	uncalled bool                        // refused before it is a call: neither metric nor log
}

func scenarios() []scenario {
	return []scenario{
		{failure: "no endpoint can be reached", grpc: "SpareTwo", thrift: "SpareTwo"},
		{failure: "the provider ends the connection before it has answered", kind: "close", grpc: "ShakyGrpc", thrift: "ShakyBinary"},
		{failure: "the provider does not answer in time", kind: "silent", grpc: "ShakyGrpc", thrift: "ShakyBinary"},
		{failure: "a Thrift provider answers a call that nobody made", kind: "sequence", grpc: "ShakyBinary", thrift: "ShakyBinary"},
		{failure: "an HTTP/2 provider breaks HTTP/2", kind: "stream", grpc: "ShakyGrpc", thrift: "ShakyGrpc"},
		{failure: "a gRPC provider resets the call", kind: "reset", grpc: "ShakyGrpc", thrift: "ShakyGrpc"},
		{failure: "a gRPC provider refuses the call, three times", kind: "refuse", grpc: "ShakyGrpc", thrift: "ShakyGrpc"},
		{failure: "the answer ends inside a value", kind: "truncated", grpc: "ShakyBinary", thrift: "ShakyBinary"},
		{failure: "the answer is longer than `message_bytes_max`", kind: "long", grpc: "ShakyBinary", thrift: "ShakyBinary"},
		{failure: "a Thrift provider's result has no value", kind: "empty", grpc: "ShakyBinary"},
		{failure: "a gRPC provider says OK without an answer", kind: "empty", grpc: "ShakyGrpc", thrift: "ShakyGrpc"},
		{failure: "a service that is not configured", grpc: "Unheard", thrift: "Unheard"},
		{failure: "a method that the service does not have", grpc: "ShakyGrpc", thrift: "ShakyBinary", method: "Rest"},
		{failure: "more calls in flight than `policies.limits.concurrency`", kind: "silent", grpc: "SpareThree", thrift: "SpareThree", together: 3},
		{failure: "the request ends inside a value", grpc: "ShakyBinary", thrift: "ShakyBinary",
			request: func(dialect string) []byte { return append(callHead("ShakyBinary"), 12, 0, 1, 11, 0, 3, 0, 0, 0, 99) }, spoiled: []byte{0x1a, 99}},
		{failure: "a value of the request has no form at the provider", thrift: "ShakyGrpc",
			request: func(string) []byte {
				return append(callHead("ShakyGrpc"), 12, 0, 1, 10, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)
			}},
		{failure: "the request is longer than `message_bytes_max`", grpc: "ShakyGrpc", thrift: "ShakyBinary"},
	}
}

// scenarioAnswer is what raw providers do in these rows.
func scenarioAnswer(c rawCall, kind string) {
	switch kind {
	case "close":
		_ = c.link.Close()
	case "silent":
	case "sequence":
		c.link.send(c.reply(answerTo(c.job, 99), int32(c.id)+1000))
	case "stream":
		// Headers on a stream that only a provider could have opened.
		c.link.send(frameBytes(1, 5, 2, []byte{0x88}))
	case "reset", "refuse":
		c.link.send(frameBytes(3, 0, uint32(c.id), []byte{0, 0, 0, map[string]byte{"reset": 2, "refuse": 7}[kind]}))
	case "truncated":
		right := c.right()
		cut := right[:len(right)-40]
		binary.BigEndian.PutUint32(cut, uint32(len(cut)-4))
		c.link.send(cut)
	case "long":
		c.link.send([]byte{0x0f, 0, 0, 0, 0x80, 1, 0, 2})
	case "empty":
		if c.link.h2 == nil {
			name := append(binary.BigEndian.AppendUint32([]byte{0x80, 1, 0, 2}, uint32(len(c.name))), c.name...)
			c.link.send(framedBytes(append(binary.BigEndian.AppendUint32(name, uint32(c.id)), 0)))
			return
		}
		headers, _, trailers := respond(uint32(c.id), nil, "0")
		c.link.send(append(headers, trailers...))
	}
}

// rowFailures goes through the page.
func rowFailures(b *bench) error {
	page, err := readFailures(filepath.Join(b.schemas, "..", "..", "docs", "failures.md"))
	if err != nil {
		return err
	}
	var kind atomic.Value
	kind.Store("")
	if err := b.withRaw(func(c rawCall) { scenarioAnswer(c, kind.Load().(string)) }, 1); err != nil {
		return err
	}
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	closed := nobody.Addr().String()
	_ = nobody.Close()
	b.config.services = append(b.config.services, service{name: "SpareTwo", protocol: "framed-binary", endpoints: []string{closed}, timeout: b.deadline},
		service{name: "SpareThree", protocol: "framed-binary", endpoints: b.service("ShakyBinary").endpoints, timeout: b.deadline, concurrency: 1})
	if err := b.reconfigure(); err != nil {
		return err
	}
	var wrong []string
	all := scenarios()
	for _, s := range all {
		want, found := page[s.failure]
		if !found {
			wrong = append(wrong, "not on the page: "+s.failure)
			continue
		}
		kind.Store(s.kind)
		got, trouble := b.happen(s)
		if trouble != nil {
			wrong = append(wrong, s.failure+": "+trouble.Error())
		}
		if got != want {
			wrong = append(wrong, fmt.Sprintf("%s: page %q, happened %q", s.failure, want, got))
		}
		delete(page, s.failure)
	}
	for failure := range page {
		wrong = append(wrong, "on the page, but not made to happen: "+failure)
	}
	if err := b.gateway.end(15 * time.Second); err != nil {
		return err
	}
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "\n"))
	}
	b.mark(nil, "%d failures of docs/failures.md happened, callers, metric and log told of them as it says", len(all))
	return nil
}

// happen makes the failure happen to each kind of caller, and looks at the metric and the log.
func (b *bench) happen(s scenario) (told, error) {
	result := told{grpc: "–", thrift: "–", reason: "–"}
	var troubles []error
	for _, caller := range []string{"grpc", "thrift"} {
		service := map[string]string{"grpc": s.grpc, "thrift": s.thrift}[caller]
		if service == "" {
			continue
		}
		before, _ := b.gateway.metrics()
		text, reason, err := b.fail(s, caller, service)
		troubles = append(troubles, err)
		if caller == "grpc" {
			result.grpc = text
		} else {
			result.thrift = text
		}
		if result.reason != "–" && result.reason != reason {
			reason = result.reason + " and " + reason
		}
		result.reason = reason
		sample := `koine_gateway_call_failures_total{reason="` + reason + `"}`
		if !waitFor(time.Second, func() bool { now, _ := b.gateway.metrics(); return now[sample] > before[sample] }) {
			troubles = append(troubles, fmt.Errorf("%s caller: %s did not grow", caller, sample))
		}
		logged := func() bool {
			found := false
			_ = b.gateway.accessLog(func(line accessLine) { found = found || line.Reason == reason && line.Caller == caller })
			return found
		}
		if !waitFor(time.Second, logged) {
			troubles = append(troubles, fmt.Errorf("%s caller: no line in the access log with %s", caller, reason))
		}
	}
	return result, errors.Join(troubles...)
}

// fail makes one call, or several at once, and says how the last of them was told.
func (b *bench) fail(s scenario, caller, service string) (text, reason string, trouble error) {
	ctx, cancel := context.WithTimeout(context.Background(), callersTimeout)
	defer cancel()
	errs := make(chan error, 8)
	for range max(s.together, 1) {
		go func() {
			if caller == "grpc" {
				errs <- b.failGrpc(ctx, s, service)
			} else {
				errs <- b.failThrift(s, service)
			}
		}()
	}
	// Of several at once the first answer is that of the one that was refused.
	err := <-errs
	defer func() {
		for range max(s.together, 1) - 1 {
			<-errs
		}
	}()
	if err == nil {
		return "an answer", "", nil
	}
	v := verdictOf(err)
	var application thrift.TApplicationException
	switch {
	case caller == "grpc":
		return v.code, orElse(v.reason, "–"), nil
	case errors.As(err, &application):
		return thriftTypes[application.TypeId()] + " (" + strconv.Itoa(int(application.TypeId())) + ") `[" + v.code + "] " + v.reason + "`", v.reason, nil
	}
	return v.kind, v.reason, err
}

var thriftTypes = map[int32]string{1: "UNKNOWN_METHOD", 6: "INTERNAL_ERROR", 7: "PROTOCOL_ERROR"}

func (b *bench) failGrpc(ctx context.Context, s scenario, service string) error {
	c, err := newGrpcCaller(b.gateway.address)
	if err != nil {
		return err
	}
	defer c.close()
	method := orElse(s.method, "Work")
	size := 100
	if strings.HasPrefix(s.failure, "the request is longer") {
		size = -1
	}
	return c.raw(ctx, "/"+interfaceOf(service)+"/"+method, grpcRequest(s, service, b.book.nonce(), size))
}

func (b *bench) failThrift(s scenario, service string) error {
	c := newThriftCaller(b.gateway.address, "framed-binary", callersTimeout)
	defer c.close()
	if s.request != nil {
		return c.rawFrame(s.request("framed-binary"))
	}
	if s.method != "" {
		name := service + ":" + strings.ToLower(s.method)
		head := append(binary.BigEndian.AppendUint32([]byte{0x80, 1, 0, 1}, uint32(len(name))), name...)
		return c.rawFrame(append(head, 0, 0, 0, 1, 0))
	}
	j := newJob(b.book.nonce(), 100, 100, 0)
	if strings.HasPrefix(s.failure, "the request is longer") {
		j.payload = make([]byte, 5<<20)
	}
	_, err := c.call(context.Background(), service, j)
	return err
}
