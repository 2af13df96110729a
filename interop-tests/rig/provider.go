package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"koine.dev/interop/rig/gen/protoderived"
	"koine.dev/interop/rig/gen/protoown"
	"koine.dev/interop/rig/gen/thriftown"
)

// provider does the work of all services, in whichever protocol: it checks the job, counts the execution,
// waits as the job says and answers.
type provider struct {
	id     int32
	ledger *ledger
}

func (p *provider) work(ctx context.Context, j job) (answer, error) {
	if err := j.whole(); err != nil {
		return answer{}, err
	}
	p.ledger.execute(j.nonce)
	if j.delayMillis > 0 {
		select {
		case <-time.After(time.Duration(j.delayMillis) * time.Millisecond):
		case <-ctx.Done():
			return answer{}, status.FromContextError(ctx.Err()).Err()
		}
	}
	return answerTo(j, p.id), nil
}

type thriftHandler struct{ *provider }

func (h thriftHandler) Work(ctx context.Context, in *thriftown.Job) (*thriftown.Answer, error) {
	a, err := h.work(ctx, job{in.Nonce, uint32(in.Crc), in.Payload, in.AnswerBytes, in.DelayMillis})
	if err != nil {
		return nil, err
	}
	return &thriftown.Answer{Nonce: a.nonce, Crc: int64(a.crc), Payload: a.payload, Provider: a.provider}, nil
}

// ownHandler serves SteadyGrpc and ShakyGrpc of rig.proto.
type ownHandler struct {
	*provider
	protoown.UnimplementedSteadyGrpcServer
}

func (h ownHandler) do(ctx context.Context, in *protoown.Job) (*protoown.Answer, error) {
	a, err := h.work(ctx, job{in.Nonce, in.Crc, in.Payload, in.AnswerBytes, in.DelayMillis})
	if err != nil {
		return nil, err
	}
	return &protoown.Answer{Nonce: a.nonce, Crc: a.crc, Payload: a.payload, Provider: a.provider}, nil
}

func (h ownHandler) Work(ctx context.Context, in *protoown.Job) (*protoown.Answer, error) {
	return h.do(ctx, in)
}

// pour answers until the caller is gone; the n-th answer is that of the nonce n further.
func (h ownHandler) pour(in *protoown.Job, send func(*protoown.Answer) error) error {
	j := job{in.Nonce, in.Crc, in.Payload, in.AnswerBytes, in.DelayMillis}
	if err := j.whole(); err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	for ; ; j.nonce++ {
		a := answerTo(j, h.id)
		if err := send(&protoown.Answer{Nonce: a.nonce, Crc: a.crc, Payload: a.payload, Provider: a.provider}); err != nil {
			return err
		}
	}
}

func (h ownHandler) Pour(in *protoown.Job, s grpc.ServerStreamingServer[protoown.Answer]) error {
	return h.pour(in, s.Send)
}

type ownShakyHandler struct {
	ownHandler
	protoown.UnimplementedShakyGrpcServer
}

func (h ownShakyHandler) Work(ctx context.Context, in *protoown.Job) (*protoown.Answer, error) {
	return h.do(ctx, in)
}

func (h ownShakyHandler) Pour(in *protoown.Job, s grpc.ServerStreamingServer[protoown.Answer]) error {
	return h.pour(in, s.Send)
}

// derivedHandler serves Flip, whose gRPC form is derived.
type derivedHandler struct {
	*provider
	protoderived.UnimplementedFlipServer
}

func (h derivedHandler) Work(ctx context.Context, in *protoderived.Job) (*protoderived.Answer, error) {
	a, err := h.work(ctx, job{in.Nonce, uint32(in.Crc), in.Payload, in.AnswerBytes, in.DelayMillis})
	if err != nil {
		return nil, err
	}
	return &protoderived.Answer{Nonce: a.nonce, Crc: int64(a.crc), Payload: a.payload, Provider: a.provider}, nil
}

// runProvider: one process, so that it can be killed. Prints READY and its port.
func runProvider(arguments []string) error {
	flags := flag.NewFlagSet("provider", flag.ExitOnError)
	protocol := flags.String("protocol", "grpc", "grpc or a Thrift dialect")
	address := flags.String("listen", "127.0.0.1:0", "address")
	ledgerPath := flags.String("ledger", "", "file of executions")
	id := flags.Int("id", 0, "what its answers say")
	_ = flags.Parse(arguments)
	book, err := openLedger(*ledgerPath)
	if err != nil {
		return err
	}
	p := &provider{int32(*id), book}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-stop
		os.Exit(0)
	}()
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		return err
	}
	fmt.Printf("READY %d\n", listener.Addr().(*net.TCPAddr).Port)
	if *protocol == "grpc" {
		server := grpc.NewServer(grpc.MaxRecvMsgSize(64<<20), grpc.MaxConcurrentStreams(10000))
		own := ownHandler{provider: p}
		protoown.RegisterSteadyGrpcServer(server, own)
		protoown.RegisterShakyGrpcServer(server, ownShakyHandler{ownHandler: own})
		protoderived.RegisterFlipServer(server, derivedHandler{provider: p})
		return server.Serve(listener)
	}
	dialect, known := thriftDialects[*protocol]
	if !known {
		return fmt.Errorf("no protocol %q", *protocol)
	}
	config := &thrift.TConfiguration{MaxFrameSize: 64 << 20, MaxMessageSize: 64 << 20}
	transports, protocols := dialect(config)
	server := thrift.NewTSimpleServer4(thriftown.NewWorkProcessor(thriftHandler{p}), &givenListener{listener}, transports, protocols)
	server.SetLogger(thrift.NopLogger)
	return server.Serve()
}

// givenListener lets Apache's server accept from a listener that is open already.
type givenListener struct{ listener net.Listener }

func (g *givenListener) Listen() error { return nil }
func (g *givenListener) Accept() (thrift.TTransport, error) {
	connection, err := g.listener.Accept()
	if err != nil {
		return nil, err
	}
	return thrift.NewTSocketFromConnConf(connection, &thrift.TConfiguration{MaxFrameSize: 64 << 20, MaxMessageSize: 64 << 20}), nil
}
func (g *givenListener) Close() error     { return g.listener.Close() }
func (g *givenListener) Interrupt() error { return g.listener.Close() }

// protocolOf says what the provider of a service speaks.
func protocolOf(service string) string {
	switch {
	case ofProto(service):
		return "grpc"
	case strings.HasSuffix(service, "Compact"):
		return "framed-compact"
	}
	return "framed-binary"
}
