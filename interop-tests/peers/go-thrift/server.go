package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/apache/thrift/lib/go/thrift"

	"koine.dev/interop/go-thrift/gen/contract"
)

// provider implements contract.Interop: it checks what it received against the
// case and answers the case's other value.
type provider struct {
	mutex sync.Mutex
	seen  map[int64]*contract.Seen
}

// serve listens on 127.0.0.1 until SIGTERM or SIGINT.
func serve(port int, dialect string) error {
	spoken, err := dialectOf(dialect)
	if err != nil {
		return err
	}
	configuration := spoken.configure(&thrift.TConfiguration{})
	protocols, err := spoken.protocols(configuration)
	if err != nil {
		return err
	}
	transports, err := spoken.transports(configuration)
	if err != nil {
		return err
	}
	socket, err := thrift.NewTServerSocket(fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	if err := socket.Listen(); err != nil {
		return err
	}
	interop := contract.NewInteropProcessor(&provider{seen: map[int64]*contract.Seen{}})
	if addNewerMethods != nil {
		addNewerMethods(interop)
	}
	var processor thrift.TProcessor = interop
	if spoken.multiplexed {
		both := thrift.NewTMultiplexedProcessor()
		both.RegisterProcessor(serviceNames["own"], processor)
		processor = both
	}
	server := thrift.NewTSimpleServer4(processor, socket, transports, protocols)
	server.SetLogger(thrift.NopLogger)
	fmt.Printf("READY %d\n", socket.Addr().(*net.TCPAddr).Port)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		os.Exit(0) // TSimpleServer.Stop waits for its connections to close
	}()
	return server.Serve()
}

// check compares a received value with the sample's request and returns its answer.
func check[T any](samples []sample[T], name string, received T, nameIt func(value T, name string) T) (T, error) {
	var none T
	for _, s := range samples {
		if s.name != name {
			continue
		}
		got, want := text(render(received)), text(render(nameIt(s.request, name)))
		if got != want {
			return none, mismatch(name, got, want)
		}
		return nameIt(s.answer, name+".answer"), nil
	}
	return none, mismatch(name, "an unknown case", "a case of this method")
}

func mismatch(name, got, want string) error {
	return fmt.Errorf("%.2000s", name+": got "+got+" want "+want)
}

func expect(name string, got, want any) error {
	if g, w := text(render(got)), text(render(want)); g != w {
		return mismatch(name, g, w)
	}
	return nil
}

func (p *provider) Scalars(_ context.Context, r *contract.Scalars) (*contract.Scalars, error) {
	return check(scalarSamples, r.CaseId, r, nameScalars)
}

func (p *provider) Payload(_ context.Context, r *contract.Payload) (*contract.Payload, error) {
	return check(payloadSamples, r.CaseId, r, namePayload)
}

func (p *provider) Lists(_ context.Context, r *contract.Lists) (*contract.Lists, error) {
	return check(listSamples, r.CaseId, r, nameLists)
}

func (p *provider) Sets(_ context.Context, r *contract.Sets) (*contract.Sets, error) {
	return check(setSamples, r.CaseId, r, nameSets)
}

func (p *provider) Maps(_ context.Context, r *contract.Maps) (*contract.Maps, error) {
	return check(mapSamples, r.CaseId, r, nameMaps)
}

func (p *provider) PlaceOrder(_ context.Context, r *contract.Order) (*contract.Order, error) {
	return check(orderSamples, r.CaseId, r, nameOrder)
}

func (p *provider) Grow(_ context.Context, r *contract.Node) (*contract.Node, error) {
	name := map[string]string{"n0": "recursive_chain", "root": "recursive_bush"}[r.Name]
	return check(nodeSamples, name, r, nameNode)
}

func (p *provider) Optionals(_ context.Context, r *contract.Optionals) (*contract.Optionals, error) {
	return check(optionalSamples, r.CaseId, r, nameOptionals)
}

func (p *provider) Paint(_ context.Context, r *contract.Paint) (*contract.Paint, error) {
	return check(paintSamples, r.CaseId, r, namePaint)
}

func (p *provider) Pick(_ context.Context, r *contract.Pick) (*contract.Pick, error) {
	return check(pickSamples, r.CaseId, r, namePick)
}

func (p *provider) Times(_ context.Context, r *contract.Times) (*contract.Times, error) {
	return check(timeSamples, r.CaseId, r, nameTimes)
}

func (p *provider) Several(_ context.Context, first int32, second string, third []int64, fourth contract.Colour, fifth *contract.Item) (string, error) {
	return severalAnswer, expect("several_arguments", severalArguments{first, second, third, fourth, fifth}, severalRequest)
}

func (p *provider) AddUp(_ context.Context, left, right int64) (int64, error) {
	return addAnswer, expect("bare_result", []int64{left, right}, []int64{addLeft, addRight})
}

func (p *provider) ListNames(_ context.Context, prefix string) ([]string, error) {
	return namesAnswer, expect("bare_list_result", prefix, namesPrefix)
}

func (p *provider) Greet(context.Context) (string, error) { return greetAnswer, nil }

func (p *provider) note(nonce contract.Nonce, change func(*contract.Seen)) contract.Seen {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	entry := p.seen[int64(nonce)]
	if entry == nil {
		entry = &contract.Seen{}
		p.seen[int64(nonce)] = entry
	}
	change(entry)
	return *entry
}

func (p *provider) Reset(_ context.Context, nonce contract.Nonce) error {
	p.note(nonce, func(s *contract.Seen) { s.Resets++ })
	return nil
}

func (p *provider) Post(_ context.Context, nonce contract.Nonce, note string) error {
	if note == postNote {
		p.note(nonce, func(s *contract.Seen) { s.Posts++ })
	}
	return nil
}

func (p *provider) Seen(_ context.Context, nonce contract.Nonce) (*contract.Seen, error) {
	entry := p.note(nonce, func(*contract.Seen) {})
	return &entry, nil
}

func (p *provider) Fail(_ context.Context, name string) (*contract.Ticket, error) {
	switch name {
	case "declared_exception_a":
		return nil, notFound
	case "declared_exception_b":
		return nil, overQuota
	case "undeclared_failure":
		return nil, fmt.Errorf("%s", deliberateText)
	case "no_exception":
		return ticketAnswer, nil
	}
	return nil, mismatch(name, "an unknown case", "a case of this method")
}

func (p *provider) Linger(_ context.Context, nonce contract.Nonce, waitMillis int32) (contract.Nonce, error) {
	p.note(nonce, func(s *contract.Seen) { s.LingersStarted++ })
	time.Sleep(time.Duration(waitMillis) * time.Millisecond)
	return ^nonce, nil
}

// ExchangeHeaders finds metadata in the message or, where the dialect has them,
// in info headers, and answers in the same place.
func (p *provider) ExchangeHeaders(ctx context.Context, headers map[string]string) (map[string]string, error) {
	info := map[string]string{}
	for _, name := range thrift.GetReadHeaderList(ctx) {
		info[name], _ = thrift.GetHeader(ctx, name)
	}
	info = marked(info)
	helper, ok := thrift.GetResponseHelper(ctx)
	if len(headers) > 0 || len(info) == 0 || !ok {
		return headersAnswer, expect("metadata_roundtrip", headers, headersRequest)
	}
	for name, value := range headersAnswer {
		helper.SetHeader(name, value)
	}
	return map[string]string{}, expect("metadata_info", info, headersRequest)
}

func (p *provider) Stamp(_ context.Context, nonce contract.Nonce) (contract.Nonce, error) {
	return ^nonce, nil
}
