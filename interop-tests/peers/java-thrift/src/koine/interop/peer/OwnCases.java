package koine.interop.peer;

import java.util.List;
import java.util.function.BiFunction;
import koine.interop.contract.Colour;
import koine.interop.contract.Interop;
import koine.interop.contract.Item;
import koine.interop.contract.Lists;
import koine.interop.contract.Maps;
import koine.interop.contract.NotFound;
import koine.interop.contract.Optionals;
import koine.interop.contract.Order;
import koine.interop.contract.OverQuota;
import koine.interop.contract.Paint;
import koine.interop.contract.Payload;
import koine.interop.contract.Pick;
import koine.interop.contract.Scalars;
import koine.interop.contract.Seen;
import koine.interop.contract.Sets;
import koine.interop.contract.Times;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.TServiceClient;
import org.apache.thrift.protocol.TProtocol;

/** The cases of contract.thrift, towards a Thrift provider. */
final class OwnCases {
  private OwnCases() {}

  private interface Call<T> {
    T on(Interop.Client client) throws TException;
  }

  private interface Method<T> {
    T call(Interop.Client client, T request) throws TException;
  }

  static void addTo(Suite suite) {
    add(suite, Samples.scalars(), Interop.Client::scalars, Scalars::setCaseId);
    add(suite, Samples.payloads(), Interop.Client::payload, Payload::setCaseId);
    add(suite, Samples.lists(), Interop.Client::lists, Lists::setCaseId);
    add(suite, Samples.sets(), Interop.Client::sets, Sets::setCaseId);
    add(suite, Samples.maps(), Interop.Client::maps, Maps::setCaseId);
    add(suite, Samples.orders(), Interop.Client::placeOrder, Order::setCaseId);
    add(suite, Samples.nodes(), Interop.Client::grow, (node, ignored) -> node);
    add(suite, Samples.optionals(), Interop.Client::optionals, Optionals::setCaseId);
    add(suite, Samples.paintsWritten(), Samples.paintsRead(), Interop.Client::paint, Paint::setCaseId);
    add(suite, Samples.picks(), Interop.Client::pick, Pick::setCaseId);
    add(suite, Samples.times(), Interop.Client::times, Times::setCaseId);
    addCall(suite, "several_arguments", Samples.SEVERAL_ANSWER, OwnCases::several);
    addCall(suite, "no_arguments", Samples.GREET_ANSWER, Interop.Client::greet);
    addCall(suite, "bare_result", Samples.ADD_ANSWER, client -> client.addUp(Samples.ADD_LEFT, Samples.ADD_RIGHT));
    addCall(suite, "bare_list_result", Samples.NAMES_ANSWER, client -> client.listNames(Samples.NAMES_PREFIX));
    addCall(suite, "no_exception", Samples.ticket(), client -> client.fail("no_exception"));
    addCall(suite, "metadata_roundtrip", Samples.HEADERS_ANSWER, client -> client.exchangeHeaders(Samples.HEADERS_REQUEST));
    addErrors(suite);
    suite.addCourseCases(OwnService::new, false);
  }

  @SuppressWarnings("unchecked")
  private static String several(Interop.Client client) throws TException {
    List<Object> request = Samples.SEVERAL_REQUEST;
    return client.several((Integer) request.get(0), (String) request.get(1), (List<Long>) request.get(2),
        (Colour) request.get(3), (Item) request.get(4));
  }

  private static <T extends TBase<T, ?>> void add(Suite suite, List<Sample<T>> samples, Method<T> method,
      BiFunction<T, String, T> named) {
    add(suite, samples, samples, method, named);
  }

  private static <T extends TBase<T, ?>> void add(Suite suite, List<Sample<T>> written, List<Sample<T>> read, Method<T> method,
      BiFunction<T, String, T> named) {
    for (Sample<T> sample : written) {
      T want = Sample.find(read, sample.name()).answer();
      suite.add(sample.name(), () -> {
        T answer = method.call(new Interop.Client(suite.shared()), named.apply(sample.request(), sample.name()));
        return new Suite.Outcome(Render.json(answer), Render.json(named.apply(want, sample.name() + ".answer")));
      });
    }
  }

  private static void addCall(Suite suite, String name, Object want, Call<?> call) {
    suite.add(name, () -> new Suite.Outcome(Render.json(call.on(new Interop.Client(suite.shared()))), Render.json(want)));
  }

  private static void addErrors(Suite suite) {
    addCall(suite, "declared_exception_a", Samples.notFound(), client -> {
      try {
        return client.fail("declared_exception_a");
      } catch (NotFound declared) {
        return declared;
      }
    });
    addCall(suite, "declared_exception_b", Samples.overQuota(), client -> {
      try {
        return client.fail("declared_exception_b");
      } catch (OverQuota declared) {
        return declared;
      }
    });
    addCall(suite, "undeclared_failure", "INTERNAL_ERROR with the text", client -> {
      try {
        return client.fail("undeclared_failure");
      } catch (TApplicationException failure) {
        // Libraries that know only UNKNOWN have providers that say so in the text, see contract/cases.md.
        int kind = failure.getMessage().contains("(UNKNOWN)") ? TApplicationException.UNKNOWN : TApplicationException.INTERNAL_ERROR;
        if (failure.getType() == kind && failure.getMessage().contains(Samples.DELIBERATE)) {
          return "INTERNAL_ERROR with the text";
        }
        throw failure;
      }
    });
    addCall(suite, "no_such_method", "UNKNOWN_METHOD", client -> {
      try {
        return new RawClient(client.getOutputProtocol()).call("noSuchMethod");
      } catch (TApplicationException failure) {
        if (failure.getType() == TApplicationException.UNKNOWN_METHOD) {
          return "UNKNOWN_METHOD";
        }
        throw failure;
      }
    });
  }

  /** Calls a method that the IDL does not have. */
  static final class RawClient extends TServiceClient {
    RawClient(TProtocol protocol) {
      super(protocol);
    }

    String call(String method) throws TException {
      sendBase(method, new Interop.greet_args());
      receiveBase(new Interop.greet_result(), method);
      return "the call ended well";
    }
  }

  private static final class OwnService implements Suite.Service {
    private final Interop.Client client;

    OwnService(TProtocol protocol) {
      client = new Interop.Client(protocol);
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
      Seen seen = client.seen(nonce);
      return new Suite.Sighting(seen.getPosts(), seen.getResets(), seen.getLingersStarted(), seen.getLingersCancelled());
    }
  }
}
