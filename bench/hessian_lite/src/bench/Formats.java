// The order message read from and written to each format, by the libraries that Java has for them, and copied between their
// objects. Readers, writers and buffers are reused; objects are new for each message, as servers make them.
package bench;

import com.alibaba.com.caucho.hessian.io.Hessian2Input;
import com.alibaba.com.caucho.hessian.io.Hessian2Output;
import com.alibaba.com.caucho.hessian.io.SerializerFactory;
import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONWriter;
import com.alibaba.fastjson2.annotation.JSONField;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import order.Item;
import order.Order;
import order.OrderOuterClass;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.transport.AutoExpandingBufferWriteTransport;
import org.apache.thrift.transport.TMemoryInputTransport;

final class Formats {
  private Formats() {}

  /** Bytes in a buffer that is written over by the next message. */
  static final class Bytes {
    byte[] data;
    int size;

    Bytes set(byte[] data, int size) {
      this.data = data;
      this.size = size;
      return this;
    }
  }

  interface Translate {
    Bytes run(byte[] in) throws Exception;
  }

  private interface Reads {
    Order read(byte[] in) throws Exception;
  }

  private interface Writes {
    Bytes write(Order order) throws Exception;
  }

  static Translate translate(String from, String to) throws Exception {
    Reads reads = reads(from);
    Writes writes = writes(to);
    return in -> writes.write(reads.read(in));
  }

  private static Reads reads(String format) throws Exception {
    switch (format) {
      case "hessian2": return new HessianReads();
      case "compact": return new ThriftReads(new TCompactProtocol.Factory());
      case "binary": return new ThriftReads(new TBinaryProtocol.Factory());
      case "protobuf": return in -> Copies.fromProtobuf(OrderOuterClass.Order.parseFrom(in));
      case "json":
        JSON.mixIn(Item.class, ItemNames.class);
        return in -> JSON.parseObject(in, Order.class);
      default: throw new IllegalArgumentException(format);
    }
  }

  private static Writes writes(String format) throws Exception {
    switch (format) {
      case "hessian2": return new HessianWrites();
      case "compact": return new ThriftWrites(new TCompactProtocol.Factory());
      case "binary": return new ThriftWrites(new TBinaryProtocol.Factory());
      case "protobuf": return new ProtobufWrites();
      case "json":
        Bytes out = new Bytes();
        return order -> {
          byte[] text = JSON.toJSONBytes(order, JSONWriter.Feature.WriteEnumUsingOrdinal);
          return out.set(text, text.length);
        };
      default: throw new IllegalArgumentException(format);
    }
  }

  /** The name that the IDL has, beside JSON's own. */
  private interface ItemNames {
    @JSONField(name = "priceCents", alternateNames = "price_cents")
    void setPriceCents(long cents);
  }

  /** A buffer whose bytes need not be copied to be looked at. */
  private static final class Buffer extends ByteArrayOutputStream {
    Bytes into(Bytes bytes) {
      return bytes.set(buf, count);
    }
  }

  private static final class HessianReads implements Reads {
    private final SerializerFactory factory = new SerializerFactory();
    private final Hessian2Input input = new Hessian2Input(null);

    HessianReads() {
      input.setSerializerFactory(factory);
    }

    @Override
    public Order read(byte[] in) throws Exception {
      input.reset();
      input.init(new ByteArrayInputStream(in));
      return (Order) input.readObject(Order.class);
    }
  }

  private static final class HessianWrites implements Writes {
    private final SerializerFactory factory = new SerializerFactory();
    private final Buffer buffer = new Buffer();
    private final Hessian2Output output = new Hessian2Output(buffer);
    private final Bytes bytes = new Bytes();

    HessianWrites() {
      output.setSerializerFactory(factory);
    }

    @Override
    public Bytes write(Order order) throws Exception {
      buffer.reset();
      output.reset();
      output.init(buffer);
      output.writeObject(order);
      output.flushBuffer();
      return buffer.into(bytes);
    }
  }

  private static final class ThriftReads implements Reads {
    private final TMemoryInputTransport transport = new TMemoryInputTransport(TConfiguration.DEFAULT);
    private final TProtocol protocol;

    ThriftReads(TProtocolFactory factory) throws Exception {
      protocol = factory.getProtocol(transport);
    }

    @Override
    public Order read(byte[] in) throws Exception {
      transport.reset(in);
      transport.updateKnownMessageSize(in.length);
      protocol.reset();
      order_thrift.Order order = new order_thrift.Order();
      order.read(protocol);
      return Copies.fromThrift(order);
    }
  }

  private static final class ThriftWrites implements Writes {
    private final AutoExpandingBufferWriteTransport transport =
        new AutoExpandingBufferWriteTransport(TConfiguration.DEFAULT, 4096, 0);
    private final TProtocol protocol;
    private final Bytes bytes = new Bytes();

    ThriftWrites(TProtocolFactory factory) throws Exception {
      protocol = factory.getProtocol(transport);
    }

    @Override
    public Bytes write(Order order) throws Exception {
      transport.reset();
      protocol.reset();
      Copies.toThrift(order).write(protocol);
      return bytes.set(transport.getBuf().array(), transport.getLength());
    }
  }

  private static final class ProtobufWrites implements Writes {
    private byte[] buffer = new byte[4096];
    private final Bytes bytes = new Bytes();

    @Override
    public Bytes write(Order order) throws Exception {
      OrderOuterClass.Order proto = Copies.toProtobuf(order);
      int size = proto.getSerializedSize();
      if (size > buffer.length) buffer = new byte[2 * size];
      proto.writeTo(CodedOutputStream.newInstance(buffer, 0, size));
      return bytes.set(buffer, size);
    }
  }
}
