package main

import (
	"context"
	"errors"
	"net"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"koine.dev/interop/rig/gen/protoderived"
	"koine.dev/interop/rig/gen/protoown"
	"koine.dev/interop/rig/gen/thriftderived"
	"koine.dev/interop/rig/gen/thriftown"
)

// caller is one client connection of one vendor's library, calling any service of the rig.
type caller interface {
	call(ctx context.Context, service string, j job) (answer, error)
	close()
}

// The services by how their provider speaks. gRPC callers reach those of rig.thrift by the derived .proto,
// Thrift callers those of rig.proto by the derived .thrift.
func ofProto(service string) bool { return strings.HasSuffix(service, "Grpc") }

func interfaceOf(service string) string {
	if ofProto(service) {
		return "koine.rig.v1." + service
	}
	return "koine.rig." + service
}

// grpcCaller: grpc-go, any number of calls at once.
type grpcCaller struct{ connection *grpc.ClientConn }

func newGrpcCaller(address string) (*grpcCaller, error) {
	if !strings.HasPrefix(address, "unix:") {
		address = "passthrough:///" + address
	}
	connection, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 20 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 500 * time.Millisecond},
			MinConnectTimeout: 10 * time.Second,
		}))
	if err != nil {
		return nil, err
	}
	return &grpcCaller{connection}, nil
}

func (c *grpcCaller) close() { _ = c.connection.Close() }

func (c *grpcCaller) call(ctx context.Context, service string, j job) (answer, error) {
	path := "/" + interfaceOf(service) + "/Work"
	if ofProto(service) {
		out := &protoown.Answer{}
		err := c.connection.Invoke(ctx, path, ownJob(j), out)
		return answer{out.Nonce, out.Crc, out.Payload, out.Provider}, err
	}
	out := &protoderived.Answer{}
	err := c.connection.Invoke(ctx, path, derivedJob(j), out)
	return answer{out.Nonce, uint32(out.Crc), out.Payload, out.Provider}, err
}

func ownJob(j job) *protoown.Job {
	return &protoown.Job{Nonce: j.nonce, Crc: j.crc, Payload: j.payload, AnswerBytes: j.answerBytes, DelayMillis: j.delayMillis}
}

func derivedJob(j job) *protoderived.Job {
	return &protoderived.Job{Nonce: j.nonce, Crc: int64(j.crc), Payload: j.payload, AnswerBytes: j.answerBytes, DelayMillis: j.delayMillis}
}

// thriftCaller: Apache's Go library, one call at a time. After a failed call it connects anew, as pools do.
type thriftCaller struct {
	address string
	dialect string
	config  *thrift.TConfiguration
	input   thrift.TProtocol
	// Calls that were cut short by the caller itself.
	interrupted atomic.Bool
	socket      *thrift.TSocket
	// How often callers were told to move, and how often this one has; null: never.
	moves *atomic.Int64
	moved int64
}

// thriftDialects: what Apache's Go library speaks, and Koine too.
var thriftDialects = map[string]func(*thrift.TConfiguration) (thrift.TTransportFactory, thrift.TProtocolFactory){
	"framed-binary": func(c *thrift.TConfiguration) (thrift.TTransportFactory, thrift.TProtocolFactory) {
		return thrift.NewTFramedTransportFactoryConf(thrift.NewTTransportFactory(), c), thrift.NewTBinaryProtocolFactoryConf(c)
	},
	"framed-compact": func(c *thrift.TConfiguration) (thrift.TTransportFactory, thrift.TProtocolFactory) {
		return thrift.NewTFramedTransportFactoryConf(thrift.NewTTransportFactory(), c), thrift.NewTCompactProtocolFactoryConf(c)
	},
	"buffered-binary": func(c *thrift.TConfiguration) (thrift.TTransportFactory, thrift.TProtocolFactory) {
		return thrift.NewTBufferedTransportFactory(8192), thrift.NewTBinaryProtocolFactoryConf(c)
	},
	"buffered-compact": func(c *thrift.TConfiguration) (thrift.TTransportFactory, thrift.TProtocolFactory) {
		return thrift.NewTBufferedTransportFactory(8192), thrift.NewTCompactProtocolFactoryConf(c)
	},
	"header": func(c *thrift.TConfiguration) (thrift.TTransportFactory, thrift.TProtocolFactory) {
		return thrift.NewTHeaderTransportFactoryConf(thrift.NewTTransportFactory(), c), thrift.NewTHeaderProtocolFactoryConf(c)
	},
}

func newThriftCaller(address, dialect string, timeout time.Duration) *thriftCaller {
	return &thriftCaller{address: address, dialect: dialect,
		config: &thrift.TConfiguration{ConnectTimeout: 5 * time.Second, SocketTimeout: timeout, MaxFrameSize: 64 << 20, MaxMessageSize: 64 << 20}}
}

func (c *thriftCaller) close() {
	if c.socket != nil {
		_ = c.socket.Close()
		c.socket, c.input = nil, nil
	}
}

func (c *thriftCaller) open() error {
	if c.socket != nil {
		// As pools do before they lend a connection: has the other side closed it, is it to be left?
		if c.socket.IsOpen() && (c.moves == nil || c.moves.Load() == c.moved) {
			return nil
		}
		c.close()
	}
	if c.moves != nil {
		c.moved = c.moves.Load()
	}
	var socket *thrift.TSocket
	if path, isUnix := strings.CutPrefix(c.address, "unix:"); isUnix {
		socket = thrift.NewTSocketFromAddrConf(&net.UnixAddr{Name: path, Net: "unix"}, c.config)
	} else {
		socket = thrift.NewTSocketConf(c.address, c.config)
	}
	if err := socket.Open(); err != nil {
		return err
	}
	transports, protocols := thriftDialects[c.dialect](c.config)
	transport, err := transports.GetTransport(socket)
	if err != nil {
		_ = socket.Close()
		return err
	}
	c.socket, c.input = socket, protocols.GetProtocol(transport)
	return nil
}

func (c *thriftCaller) call(ctx context.Context, service string, j job) (answer, error) {
	c.interrupted.Store(false)
	if err := c.open(); err != nil {
		return answer{}, err
	}
	if done := ctx.Done(); done != nil {
		// Thrift has no cancelling: a caller that loses patience closes its connection.
		finished := make(chan struct{})
		defer close(finished)
		socket := c.socket
		go func() {
			select {
			case <-done:
				c.interrupted.Store(true)
				_ = socket.Interrupt()
			case <-finished:
			}
		}()
	}
	client := thrift.NewTStandardClient(c.input, thrift.NewTMultiplexedProtocol(c.input, service))
	result, err := thriftWork(client, service, j)
	var application thrift.TApplicationException
	if err != nil && !errors.As(err, &application) {
		c.close()
	}
	if c.interrupted.Load() {
		c.close()
	}
	return result, err
}

func thriftWork(client thrift.TClient, service string, j job) (answer, error) {
	ctx := context.Background()
	if ofProto(service) {
		out, err := thriftderived.NewSteadyGrpcClient(client).Work(ctx, &thriftderived.Job{Nonce: j.nonce, Crc: int64(j.crc),
			Payload: j.payload, AnswerBytes: j.answerBytes, DelayMillis: j.delayMillis})
		if err != nil || out == nil {
			return answer{}, err
		}
		return answer{out.Nonce, uint32(out.Crc), out.Payload, out.Provider}, nil
	}
	out, err := thriftown.NewWorkClient(client).Work(ctx, &thriftown.Job{Nonce: j.nonce, Crc: int64(j.crc),
		Payload: j.payload, AnswerBytes: j.answerBytes, DelayMillis: j.delayMillis})
	if err != nil || out == nil {
		return answer{}, err
	}
	return answer{out.Nonce, uint32(out.Crc), out.Payload, out.Provider}, nil
}

// What Koine says of its own errors to Thrift callers: `[CODE] REASON: text` or `[CODE] REASON at path: text`.
var gatewayText = regexp.MustCompile(`^\[([A-Z_]+)\] (?:([A-Z]+_[A-Z_]+|INTERNAL)(?: at [^:]*)?: )?`)

// verdictOf names the result of a call that had an error, as its caller's library saw it.
func verdictOf(err error) verdict {
	v := verdict{kind: "failed", text: err.Error()}
	var application thrift.TApplicationException
	var declared *thriftderived.RpcStatus
	var network net.Error
	switch s, isStatus := status.FromError(err); {
	case errors.As(err, &declared):
		v.code = codeName(codes.Code(declared.Code))
	case errors.As(err, &application):
		v.code = "TAPPLICATION"
		if parts := gatewayText.FindStringSubmatch(application.Error()); parts != nil {
			v.code, v.reason = parts[1], parts[2]
		}
	case isStatus:
		v.code = codeName(s.Code())
		for _, detail := range s.Details() {
			if info, ok := detail.(*errdetails.ErrorInfo); ok && info.Domain == "koine" {
				v.reason = info.Reason
			}
		}
		// Said by the library itself: its connection to the gateway broke, or could not be made.
		if v.reason == "" && s.Code() == codes.Unavailable {
			v.kind = "transport"
		}
	case errors.As(err, &network) && network.Timeout():
		v.kind, v.code = "transport", "timeout"
	default:
		v.kind = "transport"
	}
	return v
}

func codeName(code codes.Code) string {
	names := [...]string{"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
		"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL",
		"UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"}
	if int(code) < len(names) {
		return names[code]
	}
	return code.String()
}

// thriftOnce is one call outside of any load.
func thriftOnce(c *thriftCaller, service string, j job) (answer, error) {
	a, err := c.call(context.Background(), service, j)
	if err == nil && judge(j, a) != answerRight {
		err = errors.New("a wrong answer")
	}
	return a, err
}

// bytesCodec sends and receives messages as they are.
type bytesCodec struct{}

func (bytesCodec) Marshal(v any) ([]byte, error)      { return *v.(*[]byte), nil }
func (bytesCodec) Unmarshal(data []byte, v any) error { *v.(*[]byte) = data; return nil }
func (bytesCodec) Name() string                       { return "proto" }

// raw calls with a message of any bytes.
func (c *grpcCaller) raw(ctx context.Context, path string, message []byte) error {
	var answer []byte
	return c.connection.Invoke(ctx, path, &message, &answer, grpc.ForceCodec(bytesCodec{}))
}

// rawFrame sends a frame of any contents and reads the answer as an exception.
func (c *thriftCaller) rawFrame(contents []byte) error {
	if err := c.open(); err != nil {
		return err
	}
	if _, err := c.socket.Write(framedBytes(contents)); err != nil {
		return err
	}
	ctx := context.Background()
	_, kind, _, err := c.input.ReadMessageBegin(ctx)
	if err != nil {
		return err
	}
	if kind != thrift.EXCEPTION {
		return nil
	}
	exception := thrift.NewTApplicationException(0, "")
	if err := exception.Read(ctx, c.input); err != nil {
		return err
	}
	return exception
}

// grpcRequest is the message of a failure's gRPC call.
func grpcRequest(s scenario, service string, nonce int64, size int) []byte {
	if s.spoiled != nil {
		return s.spoiled
	}
	j := newJob(nonce, 100, 100, 0)
	if size < 0 {
		j.payload = make([]byte, 5<<20)
	}
	var message proto.Message = derivedJob(j)
	if ofProto(service) {
		message = ownJob(j)
	}
	bytes, _ := proto.Marshal(message)
	return bytes
}
