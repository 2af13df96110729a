package koine.interop.peer;

import org.apache.thrift.TApplicationException;
import org.apache.thrift.TBase;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransportException;
import org.apache.thrift.transport.layered.TFramedTransport;

/** One TCP connection with the framed transport and the dialect's protocol on top. */
final class Connection implements AutoCloseable {
  /** Bounds every call of a case that is not about time: nothing may hang. */
  static final int ANSWER_LIMIT_MILLIS = 60_000;

  private final TFramedTransport transport;
  final TProtocol protocol;

  private Connection(TFramedTransport transport, TProtocol protocol) {
    this.transport = transport;
    this.protocol = protocol;
  }

  static Connection open(Target target, int limitMillis) throws TException {
    TFramedTransport transport = new TFramedTransport(
        new TSocket(new TConfiguration(), target.host(), target.port(), limitMillis, ANSWER_LIMIT_MILLIS));
    transport.open();
    return new Connection(transport, protocols(target.dialect()).getProtocol(transport));
  }

  static TProtocolFactory protocols(String dialect) {
    return switch (dialect) {
      case "framed-binary" -> new TBinaryProtocol.Factory();
      case "framed-compact" -> new TCompactProtocol.Factory();
      default -> throw new IllegalArgumentException("unknown dialect " + dialect + " (framed-binary, framed-compact)");
    };
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
