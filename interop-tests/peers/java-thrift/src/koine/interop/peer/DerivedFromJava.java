package koine.interop.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import koine.interop.javas.InteropService;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TBase;
import org.apache.thrift.TDeserializer;
import org.apache.thrift.TException;
import org.apache.thrift.TServiceClient;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TProtocol;

/** The Thrift that Koine derives from the Java contract: the cases towards Dubbo's providers, whose values are those of a table. */
final class DerivedFromJava {
  private DerivedFromJava() {}

  static void addTo(Suite suite) {
    try {
      for (String line : Files.readAllLines(Path.of(System.getProperty("koine.javas")))) {
        String[] columns = line.split("\t", -1);
        suite.add(columns[0], () -> call(suite, columns[1], columns[2], columns[3]));
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    suite.add("undeclared_failure", () -> failure(() -> new Suite.Outcome(Render.json(client(suite).fail("undeclared_failure")), ""), TApplicationException.INTERNAL_ERROR, Samples.DELIBERATE));
    suite.add("no_such_method", () -> failure(
        () -> new Suite.Outcome(Render.json(new RawClient(suite.shared()).call("noSuchMethod", struct("greet", "args", ""), struct("greet", "result", ""))), ""),
        TApplicationException.UNKNOWN_METHOD, ""));
    suite.addCourseCases(Service::new, false);
  }

  private static InteropService.Client client(Suite suite) throws TException {
    return new InteropService.Client(suite.shared());
  }

  private static Suite.Outcome call(Suite suite, String method, String arguments, String answer) throws Exception {
    TBase<?, ?> got = new RawClient(suite.shared()).call(method, struct(method, "args", arguments), struct(method, "result", ""));
    return new Suite.Outcome(Render.json(got), Render.json(struct(method, "result", answer)));
  }

  /** The generated struct of a method's arguments or result, with the fields that these bytes have. */
  private static TBase<?, ?> struct(String method, String role, String bytes) throws Exception {
    TBase<?, ?> made = (TBase<?, ?>) Class.forName("koine.interop.javas.InteropService$" + method + "_" + role).getConstructor().newInstance();
    if (!bytes.isEmpty()) {
      new TDeserializer(new TBinaryProtocol.Factory()).deserialize(made, HexFormat.of().parseHex(bytes));
    }
    return made;
  }

  private static Suite.Outcome failure(Suite.Case call, int type, String text) throws Exception {
    try {
      return call.run();
    } catch (TApplicationException failure) {
      if (failure.getType() == type && failure.getMessage().contains(text)) {
        return new Suite.Outcome("\"failed\"", "\"failed\"");
      }
      throw failure;
    }
  }

  /** Calls a method by its name. */
  private static final class RawClient extends TServiceClient {
    RawClient(TProtocol protocol) {
      super(protocol);
    }

    TBase<?, ?> call(String method, TBase<?, ?> arguments, TBase<?, ?> result) throws TException {
      sendBase(method, arguments);
      receiveBase(result, method);
      return result;
    }
  }

  private record Service(InteropService.Client client) implements Suite.Service {
    Service(TProtocol protocol) {
      this(new InteropService.Client(protocol));
    }

    @Override
    public String greet() throws TException {
      return client.greet();
    }

    @Override
    public long linger(long nonce, int waitMillis) throws TException {
      return client.linger(nonce, waitMillis);
    }

    @Override
    public long stamp(long nonce) throws TException {
      return client.stamp(nonce);
    }

    @Override
    public void sendStamp(long nonce) throws TException {
      client.sendStamp(nonce);
    }

    @Override
    public long receiveStamp() throws TException {
      return client.recvStamp();
    }

    @Override
    public void post(long nonce, String note) throws TException {
      client.post(nonce, note);
    }

    @Override
    public void reset(long nonce) throws TException {
      client.reset(nonce);
    }

    @Override
    public Suite.Sighting seen(long nonce) throws TException {
      koine.interop.javas.Seen seen = client.seen(nonce);
      return new Suite.Sighting(seen.getPosts(), seen.getResets(), seen.getLingersStarted(), 0);
    }
  }
}
