package koine.interop.peer;

import org.apache.thrift.TApplicationException;
import org.apache.thrift.TBase;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TMultiplexedProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.TTransportException;

/** One TCP connection with the dialect's transport and protocol on top. */
final class Connection implements AutoCloseable {
  /** Bounds every call of a case that is not about time: nothing may hang. */
  static final int ANSWER_LIMIT_MILLIS = 60_000;

  private final TTransport transport;
  final TProtocol protocol;

  private Connection(TTransport transport, TProtocol protocol) {
    this.transport = transport;
    this.protocol = protocol;
  }

  static Connection open(Target target, int limitMillis) throws TException {
    Dialect dialect = Dialect.of(target.dialect());
    TTransport transport = dialect.transports().getTransport(
        new TSocket(new TConfiguration(), target.host(), target.port(), limitMillis, ANSWER_LIMIT_MILLIS));
    transport.open();
    TProtocol protocol = dialect.protocols().getProtocol(transport);
    return new Connection(transport, dialect.multiplexed() ? new TMultiplexedProtocol(protocol, Dialect.service(target.contract())) : protocol);
  }

  @Override
  public void close() {
    transport.close();
  }

  /** Names an error the way the runner matches it. */
  static String describe(Throwable error) {
    if (error instanceof TApplicationException application) {
      return "TApplicationException(" + application.getType() + "): " + application.getMessage();
    }
    if (error instanceof TTransportException transport) {
      return "TTransportException(" + transport.getType() + "): " + transport.getMessage();
    }
    if (error.getClass().getSimpleName().equals("RpcStatus")) { // the exception that derived methods declare
      return "RpcStatus(" + ((TBase<?, ?>) error).toString().replaceFirst("^RpcStatus\\(code:(\\d+), ", "$1): ");
    }
    return error.getClass().getSimpleName() + ": " + error.getMessage();
  }
}
