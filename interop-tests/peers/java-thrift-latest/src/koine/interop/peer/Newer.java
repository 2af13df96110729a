package koine.interop.peer;

import org.apache.thrift.TApplicationException;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TType;

/** newer.thrift, called and served by the library's protocols: the IDL compiler of the distribution knows no uuid. */
final class Newer {
  private static final String METHOD = "badge";

  private Newer() {}

  static Badge call(TProtocol protocol, Badge request) throws TException {
    protocol.writeMessageBegin(new TMessage(METHOD, TMessageType.CALL, 1));
    request.writeInside(protocol, 1);
    protocol.writeMessageEnd();
    protocol.getTransport().flush();
    TMessage answer = protocol.readMessageBegin();
    if (answer.type == TMessageType.EXCEPTION) {
      TApplicationException failure = TApplicationException.readFrom(protocol);
      protocol.readMessageEnd();
      throw failure;
    }
    Badge badge = Badge.readInside(protocol);
    protocol.readMessageEnd();
    return badge;
  }

  /** A TProcessor: one call read, checked and answered. */
  static void process(TProtocol in, TProtocol out) throws TException {
    TMessage message = in.readMessageBegin();
    boolean known = message.name.equals(METHOD);
    Badge received = null;
    if (known) {
      received = Badge.readInside(in);
    } else {
      TProtocolUtil.skip(in, TType.STRUCT);
    }
    in.readMessageEnd();
    boolean right = known && received.json().equals(Badge.REQUEST.json());
    out.writeMessageBegin(new TMessage(message.name, right ? TMessageType.REPLY : TMessageType.EXCEPTION, message.seqid));
    if (right) {
      Badge.ANSWER.writeInside(out, 0);
    } else if (known) {
      new TApplicationException(TApplicationException.INTERNAL_ERROR, "uuid: got " + received.json() + " want " + Badge.REQUEST.json())
          .write(out);
    } else {
      new TApplicationException(TApplicationException.UNKNOWN_METHOD, "no method " + message.name).write(out);
    }
    out.writeMessageEnd();
    out.getTransport().flush();
  }
}
