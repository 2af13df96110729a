package koine.interop.peer;

import java.util.List;
import java.util.function.BiFunction;
import koine.interop.derived.AddRequest;
import koine.interop.derived.Blob;
import koine.interop.derived.Coating;
import koine.interop.derived.Dictionaries;
import koine.interop.derived.FailRequest;
import koine.interop.derived.InteropService;
import koine.interop.derived.LingerRequest;
import koine.interop.derived.ListNamesRequest;
import koine.interop.derived.Moments;
import koine.interop.derived.NonceMessage;
import koine.interop.derived.Numbers;
import koine.interop.derived.PostRequest;
import koine.interop.derived.Presence;
import koine.interop.derived.Purchase;
import koine.interop.derived.Repeats;
import koine.interop.derived.RpcStatus;
import koine.interop.derived.Selection;
import koine.interop.derived.Sightings;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TProtocol;

/** The cases of contract.proto, called with the Thrift types that Koine derives from it, towards a gRPC provider. */
final class DerivedCases {
  private DerivedCases() {}

  private interface Call<T> {
    T on(InteropService.Client client) throws TException;
  }

  private interface Method<T> {
    T call(InteropService.Client client, T request) throws TException;
  }

  static void addTo(Suite suite) {
    add(suite, DerivedSamples.numbers(), InteropService.Client::checkNumbers, Numbers::setCaseId);
    add(suite, DerivedSamples.blobs(), InteropService.Client::checkBlob, Blob::setCaseId);
    add(suite, DerivedSamples.repeats(), InteropService.Client::checkRepeats, Repeats::setCaseId);
    add(suite, DerivedSamples.dictionaries(), InteropService.Client::checkDictionaries, Dictionaries::setCaseId);
    add(suite, DerivedSamples.purchases(), InteropService.Client::placePurchase, Purchase::setCaseId);
    add(suite, DerivedSamples.trees(), InteropService.Client::grow, (node, ignored) -> node);
    add(suite, DerivedSamples.presences(), InteropService.Client::checkPresence, Presence::setCaseId);
    add(suite, DerivedSamples.coatingsWritten(), DerivedSamples.coatingsRead(), InteropService.Client::coat, Coating::setCaseId);
    add(suite, DerivedSamples.selections(), InteropService.Client::select, Selection::setCaseId);
    add(suite, DerivedSamples.moments(), InteropService.Client::checkMoments, Moments::setCaseId);
    addCall(suite, "several_arguments", Samples.SEVERAL_ANSWER, client -> client.several(DerivedSamples.several()).getValue());
    addCall(suite, "no_arguments", Samples.GREET_ANSWER, client -> client.greet().getValue());
    addCall(suite, "bare_result", Samples.ADD_ANSWER,
        client -> client.add(new AddRequest().setLeft(Samples.ADD_LEFT).setRight(Samples.ADD_RIGHT)).getSum());
    addCall(suite, "bare_list_result", Samples.NAMES_ANSWER,
        client -> client.listNames(new ListNamesRequest().setPrefix(Samples.NAMES_PREFIX)).getNames());
    addCall(suite, "no_exception", DerivedSamples.ticket(), client -> client.fail(new FailRequest().setCaseId("no_exception")));
    long nonce = Suite.newNonce();
    addCall(suite, "metadata_roundtrip", ~nonce, client -> client.exchangeMetadata(new NonceMessage().setNonce(nonce)).getNonce());
    addErrors(suite);
    suite.addCourseCases(DerivedService::new, true);
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
        T answer = method.call(new InteropService.Client(suite.shared()), named.apply(sample.request(), sample.name()));
        return new Suite.Outcome(Render.json(answer), Render.json(named.apply(want, sample.name() + ".answer")));
      });
    }
  }

  private static void addCall(Suite suite, String name, Object want, Call<?> call) {
    suite.add(name, () -> new Suite.Outcome(Render.json(call.on(new InteropService.Client(suite.shared()))), Render.json(want)));
  }

  private static void addErrors(Suite suite) {
    addCall(suite, "declared_exception_a", DerivedSamples.missing(), client -> status(client, "declared_exception_a"));
    addCall(suite, "declared_exception_b", DerivedSamples.quota(), client -> status(client, "declared_exception_b"));
    addCall(suite, "undeclared_failure", "UNKNOWN with the text", client -> {
      try {
        return client.fail(new FailRequest().setCaseId("undeclared_failure"));
      } catch (RpcStatus status) {
        if (status.getCode() == 2 && status.getMessage().contains(Samples.DELIBERATE) && status.getDetailsSize() == 0) {
          return "UNKNOWN with the text";
        }
        throw status;
      }
    });
    addCall(suite, "no_such_method", "UNKNOWN_METHOD", client -> {
      try {
        return new OwnCases.RawClient(client.getOutputProtocol()).call("noSuchMethod");
      } catch (TApplicationException failure) {
        if (failure.getType() == TApplicationException.UNKNOWN_METHOD) {
          return "UNKNOWN_METHOD";
        }
        throw failure;
      }
    });
  }

  private static Object status(InteropService.Client client, String name) throws TException {
    try {
      return client.fail(new FailRequest().setCaseId(name));
    } catch (RpcStatus declared) {
      return declared;
    }
  }

  private static final class DerivedService implements Suite.Service {
    private final InteropService.Client client;

    DerivedService(TProtocol protocol) {
      client = new InteropService.Client(protocol);
    }

    @Override
    public String greet() throws TException {
      return client.greet().getValue();
    }

    @Override
    public long linger(long nonce, int waitMillis) throws TException {
      return client.linger(new LingerRequest().setNonce(nonce).setWaitMillis(waitMillis)).getNonce();
    }

    @Override
    public long stamp(long nonce) throws TException {
      return client.stamp(new NonceMessage().setNonce(nonce)).getNonce();
    }

    @Override
    public void sendStamp(long nonce) throws TException {
      client.sendStamp(new NonceMessage().setNonce(nonce));
    }

    @Override
    public long receiveStamp() throws TException {
      return client.recvStamp().getNonce();
    }

    @Override
    public void post(long nonce, String note) throws TException {
      client.post(new PostRequest().setNonce(nonce).setNote(note));
    }

    @Override
    public void reset(long nonce) throws TException {
      client.reset(new NonceMessage().setNonce(nonce));
    }

    @Override
    public Suite.Sighting seen(long nonce) throws TException {
      Sightings seen = client.seen(new NonceMessage().setNonce(nonce));
      return new Suite.Sighting(seen.getPosts(), seen.getResets(), seen.getLingersStarted(), seen.getLingersCancelled());
    }
  }
}
