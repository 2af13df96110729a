package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"dubbo.apache.org/dubbo-go/v3"
	"dubbo.apache.org/dubbo-go/v3/common/constant"
	"dubbo.apache.org/dubbo-go/v3/protocol"
	"dubbo.apache.org/dubbo-go/v3/server"
	"github.com/apache/dubbo-go-hessian2/java_exception"
)

// Provider checks what it received against the case and answers the case's other value. The library calls exported methods
// of exported types by their Java names.
type Provider struct {
	group string
	mutex *sync.Mutex
	all   map[int64]*Seen
}

// BlueProvider is the same for another group and version: the library knows services by the names of their types.
type BlueProvider struct{ *Provider }

// serve listens until SIGTERM or SIGINT, on every address, because the library's own service does and shares the port.
func serve(port int, _ string) error {
	if port == 0 {
		port = freePort()
	}
	instance, err := dubbo.NewInstance(dubbo.WithName("koine-interop-provider"),
		dubbo.WithProtocol(server_protocol, protocol.WithPort(port)))
	if err != nil {
		return err
	}
	listening, err := instance.NewServer()
	if err != nil {
		return err
	}
	mutex, all := &sync.Mutex{}, map[int64]*Seen{}
	err = errors.Join(
		listening.RegisterService(&Provider{"", mutex, all}, server.WithInterface(interface_name), server.WithNotRegister(), server.WithSerialization(constant.Hessian2Serialization)),
		listening.RegisterService(&BlueProvider{&Provider{"blue", mutex, all}}, server.WithInterface(interface_name), server.WithNotRegister(),
			server.WithSerialization(constant.Hessian2Serialization), server.WithGroup("blue"), server.WithVersion("2.0.0")))
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		os.Exit(0) // its own way waits for what need not be waited for here
	}()
	go announce(port)
	return listening.Serve()
}

// freePort is one below those that the system gives to everybody else: the library takes no port 0, and its time to listen.
func freePort() int {
	for {
		port := 20000 + rand.Intn(12000)
		if free, err := net.Listen("tcp", fmt.Sprintf(":%d", port)); err == nil {
			_ = free.Close()
			return port
		}
	}
}

// announce says that the port is open, which the library does not.
func announce(port int) {
	for {
		connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = connection.Close()
			fmt.Printf("READY %d\n", port)
			return
		}
		time.Sleep(poll_pause)
	}
}

// check finds the case that the value names or, where nothing does, the one of this method whose request it is.
func (p *Provider) check(method string, arguments ...any) (any, error) {
	name := ""
	if len(arguments) > 0 {
		if place := caseIdOf(arguments[0]); place.IsValid() {
			name = place.String()
		} else if said, ok := arguments[0].(string); ok {
			name = said
		}
	}
	var last entry
	got := text(render(arguments))
	for _, one := range table {
		if !one.isOneCall() || one.text("method") != method || one.text("group") != p.group {
			continue
		}
		last = one
		if one.name == name || text(render(one.arguments())) == got {
			break
		}
	}
	if last.object == nil {
		return nil, fmt.Errorf("%s: got an unknown case of %s", name, method)
	}
	if want := text(render(last.arguments())); got != want {
		return nil, fmt.Errorf("%.2000s", last.name+": got "+got+" want "+want)
	}
	if !last.answers() {
		return nil, last.thrown()
	}
	return last.answer(), nil
}

// as is the answer in the method's type.
func as[T any](answer any, err error) (T, error) {
	made, _ := answer.(T)
	return made, err
}

func (p *Provider) Scalars(_ context.Context, r *Scalars) (*Scalars, error) {
	return as[*Scalars](p.check("scalars", r))
}

func (p *Provider) Payload(_ context.Context, r *Payload) (*Payload, error) {
	return as[*Payload](p.check("payload", r))
}

func (p *Provider) Lists(_ context.Context, r *Lists) (*Lists, error) {
	return as[*Lists](p.check("lists", r))
}

func (p *Provider) Sets(_ context.Context, r *Sets) (*Sets, error) {
	return as[*Sets](p.check("sets", r))
}

func (p *Provider) Maps(_ context.Context, r *Maps) (*Maps, error) {
	return as[*Maps](p.check("maps", r))
}

func (p *Provider) PlaceOrder(_ context.Context, r *Order) (*Order, error) {
	return as[*Order](p.check("placeOrder", r))
}

func (p *Provider) Grow(_ context.Context, r *Node) (*Node, error) {
	return as[*Node](p.check("grow", r))
}

func (p *Provider) Optionals(_ context.Context, r *Optionals) (*Optionals, error) {
	return as[*Optionals](p.check("optionals", r))
}

func (p *Provider) Paint(_ context.Context, r *Paint) (*Paint, error) {
	return as[*Paint](p.check("paint", r))
}

func (p *Provider) Pick(_ context.Context, r *Pick) (*Pick, error) {
	return as[*Pick](p.check("pick", r))
}

func (p *Provider) Times(_ context.Context, r *Times) (*Times, error) {
	return as[*Times](p.check("times", r))
}

func (p *Provider) Days(_ context.Context, r *Days) (*Days, error) {
	return as[*Days](p.check("days", r))
}

func (p *Provider) Odds(_ context.Context, r *Odds) (*Odds, error) {
	return as[*Odds](p.check("odds", r))
}

func (p *Provider) Document(_ context.Context, r *Document) (*Document, error) {
	return as[*Document](p.check("document", r))
}

func (p *Provider) Browse(_ context.Context, r *Page) (*Page, error) {
	return as[*Page](p.check("browse", r))
}

func (p *Provider) Leaf(_ context.Context, r *Page) (*Page, error) {
	return as[*Page](p.check("leaf", r))
}

func (p *Provider) Pack(_ context.Context, r *Basket) (*Basket, error) {
	return as[*Basket](p.check("pack", r))
}

func (p *Provider) Wrap(_ context.Context, item *Item, paper string) (*GiftItem, error) {
	return as[*GiftItem](p.check("wrap", item, paper))
}

func (p *Provider) Anything(_ context.Context, name string, value any) (any, error) {
	return p.check("anything", name, value)
}

func (p *Provider) Several(_ context.Context, first int32, second string, third []any, fourth *Colour, fifth *Item) (string, error) {
	return as[string](p.check("several", first, second, third, fourth, fifth))
}

func (p *Provider) Add(_ context.Context, left, right int64) (int64, error) {
	return as[int64](p.check("add", left, right))
}

func (p *Provider) ListNames(_ context.Context, prefix string) ([]any, error) {
	return as[[]any](p.check("listNames", prefix))
}

func (p *Provider) FindItem(_ context.Context, sku string) (*Item, error) {
	return as[*Item](p.check("findItem", sku))
}

// Label takes its arguments as they come: what is overloaded has one name here.
func (p *Provider) Label(_ context.Context, arguments []any) (string, error) {
	return as[string](p.check("label", arguments...))
}

func (p *Provider) Greet(context.Context) (string, error) { return as[string](p.check("greet")) }

func (p *Provider) Fail(_ context.Context, name string) (*Ticket, error) {
	return as[*Ticket](p.check("fail", name))
}

func (p *Provider) note(nonce int64, change func(*Seen)) Seen {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.all[nonce] == nil {
		p.all[nonce] = &Seen{}
	}
	change(p.all[nonce])
	return *p.all[nonce]
}

func (p *Provider) Reset(_ context.Context, nonce int64) error {
	p.note(nonce, func(s *Seen) { s.Resets++ })
	return nil
}

func (p *Provider) Post(_ context.Context, nonce int64, note string) error {
	if note == postNote {
		p.note(nonce, func(s *Seen) { s.Posts++ })
	}
	return nil
}

func (p *Provider) Seen(_ context.Context, nonce int64) (*Seen, error) {
	seen := p.note(nonce, func(*Seen) {})
	return &seen, nil
}

func (p *Provider) Linger(_ context.Context, nonce int64, waitMillis int32) (int64, error) {
	p.note(nonce, func(s *Seen) { s.LingersStarted++ })
	time.Sleep(time.Duration(waitMillis) * time.Millisecond)
	return ^nonce, nil
}

func (p *Provider) Stamp(_ context.Context, nonce int64) (int64, error) { return ^nonce, nil }

// ExchangeAttachments finds its case by what came; what it adds goes back with the answer, as all of the request's do.
func (p *Provider) ExchangeAttachments(ctx context.Context, nonce int64) (int64, error) {
	came, _ := ctx.Value(constant.AttachmentKey).(map[string]any)
	got, name := text(render(marked(came))), "attachments_objects"
	if _, ok := came[attachment_prefix+"greeting"]; ok {
		name = "metadata_roundtrip"
	}
	if want := text(render(attachments(name, "request_attachments"))); got != want {
		return 0, fmt.Errorf("%s: got %s want %s", name, got, want)
	}
	for key, value := range attachments(name, "answer_attachments") {
		came[key] = value
	}
	return ^nonce, nil
}

// attachments of a case, as the table has them.
func attachments(name, member string) map[string]any {
	members := entryOf(name).values[member].(*object)
	made := map[string]any{}
	for _, key := range members.names {
		made[key] = newMaker(nil).value(any_type, members.values[key]).Interface()
	}
	return made
}

// javaException is one of Java's own.
func javaException(class, message string) error {
	if class == "java.lang.IllegalStateException" {
		return java_exception.NewIllegalStateException(message)
	}
	return java_exception.NewRuntimeException(message)
}
