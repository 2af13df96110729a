package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
)

// answer_limit bounds every call of a case that is not about time: nothing may hang.
const answer_limit = 60 * time.Second

// factoriesOf makes what a dialect needs on either side.
func factoriesOf(dialect string, configuration *thrift.TConfiguration) (thrift.TProtocolFactory, thrift.TTransportFactory, error) {
	framed := thrift.NewTFramedTransportFactoryConf(thrift.NewTTransportFactory(), configuration)
	switch dialect {
	case "framed-binary":
		return thrift.NewTBinaryProtocolFactoryConf(configuration), framed, nil
	case "framed-compact":
		return thrift.NewTCompactProtocolFactoryConf(configuration), framed, nil
	}
	return nil, nil, fmt.Errorf("unknown dialect %q (framed-binary, framed-compact)", dialect)
}

// connection is one TCP connection with the protocol objects on top.
type connection struct {
	socket   thrift.TTransport
	protocol thrift.TProtocol
	client   *thrift.TStandardClient
}

func dial(t target, limit time.Duration) (*connection, error) {
	configuration := &thrift.TConfiguration{ConnectTimeout: answer_limit, SocketTimeout: limit}
	protocols, transports, err := factoriesOf(t.dialect, configuration)
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
	protocol := protocols.GetProtocol(transport)
	return &connection{socket: transport, protocol: protocol, client: thrift.NewTStandardClient(protocol, protocol)}, nil
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
