package koine.interop.peer;

import java.util.List;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TJSONProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.transport.TTransportFactory;
import org.apache.thrift.transport.layered.TFramedTransport;

/** What a name such as unframed-binary-mux means on either side. */
record Dialect(String transport, String encoding, boolean multiplexed) {
  /** The service in a multiplexed dialect. */
  static String service(String contract) {
    return contract.equals("own") ? "Interop" : "InteropService";
  }

  static Dialect of(String name) {
    List<String> words = List.of(name.split("-"));
    if (words.size() < 2) {
      throw new IllegalArgumentException("unknown dialect " + name + " (transport-encoding[-mux])");
    }
    return new Dialect(words.get(0), words.get(1), words.contains("mux"));
  }

  boolean framed() {
    return transport.equals("framed");
  }

  TTransportFactory transports() {
    return switch (transport) {
      case "framed" -> new TFramedTransport.Factory();
      case "unframed" -> new TTransportFactory(); // a socket buffers by itself
      default -> throw new IllegalArgumentException("unknown transport " + transport);
    };
  }

  TProtocolFactory protocols() {
    return switch (encoding) {
      case "binary" -> new TBinaryProtocol.Factory();
      case "lax" -> new TBinaryProtocol.Factory(false, false);
      case "compact" -> new TCompactProtocol.Factory();
      case "json" -> new TJSONProtocol.Factory();
      default -> throw new IllegalArgumentException("unknown encoding " + encoding);
    };
  }
}
