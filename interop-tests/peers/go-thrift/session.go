package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
)

// serviceNames are those of a multiplexed dialect.
var serviceNames = map[string]string{"own": "Interop", "derived": "InteropService", "java": "InteropService"}

// dialect is a name such as unframed-binary-zlib in its parts.
type dialect struct {
	transport, encoding string
	zlib, multiplexed   bool
}

func dialectOf(name string) (dialect, error) {
	words := strings.Split(name, "-")
	if len(words) < 2 {
		return dialect{}, fmt.Errorf("unknown dialect %q (transport-encoding[-zlib][-mux])", name)
	}
	return dialect{words[0], words[1], slices.Contains(words[2:], "zlib"), slices.Contains(words[2:], "mux")}, nil
}

func (d dialect) header() bool { return d.transport == "header" }

// configure adds what the dialect wants to the library's configuration.
func (d dialect) configure(configuration *thrift.TConfiguration) *thrift.TConfiguration {
	configuration.TBinaryStrictWrite = thrift.BoolPtr(d.encoding != "lax")
	if d.header() {
		id := map[string]thrift.THeaderProtocolID{"binary": thrift.THeaderProtocolBinary, "compact": thrift.THeaderProtocolCompact}[d.encoding]
		configuration.THeaderProtocolID = thrift.THeaderProtocolIDPtrMust(id)
	}
	return configuration
}

func (d dialect) protocols(configuration *thrift.TConfiguration) (thrift.TProtocolFactory, error) {
	if d.header() {
		return thrift.NewTHeaderProtocolFactoryConf(configuration), nil
	}
	switch d.encoding {
	case "binary", "lax":
		return thrift.NewTBinaryProtocolFactoryConf(configuration), nil
	case "compact":
		return thrift.NewTCompactProtocolFactoryConf(configuration), nil
	case "json":
		return thrift.NewTJSONProtocolFactory(), nil
	}
	return nil, fmt.Errorf("unknown encoding %q", d.encoding)
}

func (d dialect) transports(configuration *thrift.TConfiguration) (thrift.TTransportFactory, error) {
	var below thrift.TTransportFactory = thrift.NewTBufferedTransportFactory(8192)
	if d.zlib && !d.header() {
		below = thrift.NewTZlibTransportFactoryWithFactory(6, below)
	}
	switch d.transport {
	case "framed":
		return thrift.NewTFramedTransportFactoryConf(below, configuration), nil
	case "unframed":
		return below, nil
	case "header":
		return thrift.NewTHeaderTransportFactoryConf(nil, configuration), nil
	}
	return nil, fmt.Errorf("unknown transport %q", d.transport)
}

// connection is one TCP connection with the protocol objects on top.
type connection struct {
	socket   thrift.TTransport
	protocol thrift.TProtocol // what reads
	output   thrift.TProtocol // what writes: the same, or around it what names the service
	client   *thrift.TStandardClient
}

func dial(t target, limit time.Duration) (*connection, error) {
	spoken, err := dialectOf(t.dialect)
	if err != nil {
		return nil, err
	}
	configuration := spoken.configure(&thrift.TConfiguration{ConnectTimeout: answer_limit, SocketTimeout: limit})
	protocols, err := spoken.protocols(configuration)
	if err != nil {
		return nil, err
	}
	transports, err := spoken.transports(configuration)
	if err != nil {
		return nil, err
	}
	socket := thrift.NewTSocketConf(t.address, configuration)
	if err := socket.Open(); err != nil {
		return nil, err
	}
	transport, err := transports.GetTransport(socket)
	if err != nil {
		_ = socket.Close()
		return nil, err
	}
	if header, ok := transport.(*thrift.THeaderTransport); ok && spoken.zlib {
		if err := header.AddTransform(thrift.TransformZlib); err != nil {
			return nil, err
		}
	}
	opened := &connection{socket: socket, protocol: protocols.GetProtocol(transport)}
	opened.output = opened.protocol
	if spoken.multiplexed {
		opened.output = thrift.NewTMultiplexedProtocol(opened.protocol, serviceNames[t.contract])
	}
	opened.client = thrift.NewTStandardClient(opened.protocol, opened.output)
	return opened, nil
}

// withInfo gives a call info headers, which only header dialects write.
func withInfo(ctx context.Context, entries map[string]string) context.Context {
	for name, value := range entries {
		ctx = thrift.SetHeader(ctx, name, value)
	}
	return thrift.SetWriteHeaderList(ctx, slices.Sorted(maps.Keys(entries)))
}

// marked are the entries of the metadata cases; others belong to libraries and gateways.
func marked(all map[string]string) map[string]string {
	entries := map[string]string{}
	for name, value := range all {
		if strings.HasPrefix(name, "x-koine-") {
			entries[name] = value
		}
	}
	return entries
}

// describe names an error the way the runner matches it.
func describe(err error) string {
	var application thrift.TApplicationException
	if errors.As(err, &application) {
		return fmt.Sprintf("TApplicationException(%d): %s", application.TypeId(), application.Error())
	}
	var transport thrift.TTransportException
	if errors.As(err, &transport) {
		return fmt.Sprintf("TTransportException(%d): %s", transport.TypeId(), transport.Error())
	}
	var status interface {
		GetCode() int32
		GetMessage() string
	}
	if errors.As(err, &status) { // the exception that derived methods declare
		return fmt.Sprintf("RpcStatus(%d): %s", status.GetCode(), status.GetMessage())
	}
	var declared thrift.TException
	if errors.As(err, &declared) {
		return fmt.Sprintf("%T: %s", declared, declared.Error())
	}
	return fmt.Sprintf("%T: %s", err, err)
}
