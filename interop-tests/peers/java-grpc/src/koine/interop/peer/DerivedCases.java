package koine.interop.peer;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Message;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import koine.interop.contract.proto.AddUpRequest;
import koine.interop.contract.proto.ExchangeHeadersRequest;
import koine.interop.contract.proto.FailRequest;
import koine.interop.contract.proto.GreetRequest;
import koine.interop.contract.proto.InteropGrpc;
import koine.interop.contract.proto.InteropGrpc.InteropBlockingStub;
import koine.interop.contract.proto.LingerRequest;
import koine.interop.contract.proto.ListNamesRequest;
import koine.interop.contract.proto.PostRequest;
import koine.interop.contract.proto.ResetRequest;
import koine.interop.contract.proto.Seen;
import koine.interop.contract.proto.SeenRequest;
import koine.interop.contract.proto.StampRequest;
import koine.interop.contract.proto.StampResponse;

/** The cases of contract.thrift, called with the proto types that Koine derives from it, towards a Thrift provider. */
final class DerivedCases {
  private DerivedCases() {}

  private interface Call {
    Object on(InteropBlockingStub stub) throws Exception;
  }

  private interface Method<T> {
    T call(InteropBlockingStub stub, T request);
  }

  static void addTo(Suite suite) {
    add(suite, DerivedSamples.scalars(), InteropBlockingStub::scalars);
    add(suite, DerivedSamples.payloads(), InteropBlockingStub::payload);
    add(suite, DerivedSamples.lists(), InteropBlockingStub::lists);
    add(suite, DerivedSamples.sets(), InteropBlockingStub::sets, DerivedSamples::sorted);
    add(suite, DerivedSamples.maps(), InteropBlockingStub::maps);
    add(suite, DerivedSamples.orders(), InteropBlockingStub::placeOrder);
    add(suite, DerivedSamples.nodes(), InteropBlockingStub::grow);
    add(suite, DerivedSamples.optionals(), InteropBlockingStub::optionals);
    add(suite, DerivedSamples.paints(), InteropBlockingStub::paint);
    add(suite, DerivedSamples.picks(), InteropBlockingStub::pick);
    add(suite, DerivedSamples.times(), InteropBlockingStub::times);
    addCall(suite, "several_arguments", Samples.SEVERAL_ANSWER, stub -> stub.several(DerivedSamples.several()).getValue());
    addCall(suite, "no_arguments", Samples.GREET_ANSWER, stub -> stub.greet(GreetRequest.getDefaultInstance()).getValue());
    addCall(suite, "bare_result", Samples.ADD_ANSWER,
        stub -> stub.addUp(AddUpRequest.newBuilder().setLeft(Samples.ADD_LEFT).setRight(Samples.ADD_RIGHT).build()).getValue());
    addCall(suite, "bare_list_result", Samples.NAMES_ANSWER,
        stub -> stub.listNames(ListNamesRequest.newBuilder().setPrefix(Samples.NAMES_PREFIX).build()).getValueList());
    addCall(suite, "no_exception", DerivedSamples.ticket(), stub -> stub.fail(failing("no_exception")));
    suite.add("metadata_roundtrip", () -> exchangeMetadata(suite));
    addErrors(suite);
    suite.addCourseCases(DerivedService::new, false);
  }

  private static InteropBlockingStub stub(Channel channel) {
    return InteropGrpc.newBlockingStub(channel).withDeadlineAfter(Channels.ANSWER_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static <T extends Message> void add(Suite suite, List<Sample<T>> samples, Method<T> method) {
    add(suite, samples, method, answer -> answer);
  }

  /** `seen` puts an answer into the form in which it is compared. */
  private static <T extends Message> void add(Suite suite, List<Sample<T>> samples, Method<T> method, UnaryOperator<T> seen) {
    for (Sample<T> sample : samples) {
      suite.add(sample.name(), () -> new Suite.Outcome(
          Render.json(seen.apply(method.call(stub(suite.channel), sample.request()))), Render.json(sample.answer())));
    }
  }

  private static void addCall(Suite suite, String name, Object want, Call call) {
    suite.add(name, () -> new Suite.Outcome(Render.json(call.on(stub(suite.channel))), Render.json(want)));
  }

  private static FailRequest failing(String name) {
    return FailRequest.newBuilder().setCaseId(name).build();
  }

  /** Sends metadata and no message; the answer comes in the place that the provider has for it. */
  private static Suite.Outcome exchangeMetadata(Suite suite) {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Channel channel = ClientInterceptors.intercept(suite.channel,
        MetadataUtils.newAttachHeadersInterceptor(Channels.metadata(DerivedSamples.METADATA_REQUEST)),
        MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
    Map<String, String> answer = stub(channel).exchangeHeaders(ExchangeHeadersRequest.getDefaultInstance()).getValueMap();
    Map<String, List<Object>> got = Channels.marked(headers.get());
    got.putAll(Channels.marked(trailers.get()));
    answer.forEach((name, value) -> got.put(name, List.of(value)));
    Map<String, List<Object>> want = new TreeMap<>();
    DerivedSamples.HEADERS_ANSWER.forEach((name, value) -> want.put(name, List.of(value)));
    return new Suite.Outcome(Render.json(got), Render.json(want));
  }

  private static void addErrors(Suite suite) {
    addCall(suite, "declared_exception_a", status(Status.Code.NOT_FOUND, DerivedSamples.notFound()),
        stub -> failure(stub, "declared_exception_a", DerivedSamples.notFound()));
    addCall(suite, "declared_exception_b", status(Status.Code.RESOURCE_EXHAUSTED, DerivedSamples.overQuota()),
        stub -> failure(stub, "declared_exception_b", DerivedSamples.overQuota()));
    addCall(suite, "undeclared_failure", "UNKNOWN with the text",
        stub -> OwnCases.undeclared(() -> stub.fail(failing("undeclared_failure"))));
    addCall(suite, "no_such_method", "UNIMPLEMENTED",
        stub -> OwnCases.noSuchMethod(stub.getChannel(), InteropGrpc.SERVICE_NAME, "NoSuchMethod"));
  }

  private static Map<String, Object> status(Status.Code code, Message detail) {
    return Map.of("code", code, "details", List.of(Map.of(detail.getDescriptorForType().getFullName(), detail)));
  }

  /** The status without its text, which the Thrift author never wrote. */
  private static Map<String, Object> failure(InteropBlockingStub stub, String name, Message sample) throws Exception {
    Map<String, Object> seen = new TreeMap<>(OwnCases.failure(() -> stub.fail(failing(name)), sample));
    seen.remove("message");
    return seen;
  }

  private static final class DerivedService implements Suite.Service {
    private final Channel channel;

    DerivedService(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void greet() {
      stub(channel).greet(GreetRequest.getDefaultInstance());
    }

    @Override
    public long linger(long nonce, int waitMillis, int limitMillis) {
      InteropBlockingStub patient = InteropGrpc.newBlockingStub(channel);
      InteropBlockingStub stub = limitMillis == 0 ? patient : patient.withDeadlineAfter(limitMillis, TimeUnit.MILLISECONDS);
      return stub.linger(LingerRequest.newBuilder().setNonce(nonce).setWaitMillis(waitMillis).build()).getValue();
    }

    @Override
    public long stamp(long nonce) {
      return stub(channel).stamp(StampRequest.newBuilder().setNonce(nonce).build()).getValue();
    }

    @Override
    public ListenableFuture<?> sendStamp(long nonce) {
      return InteropGrpc.newFutureStub(channel).withDeadlineAfter(Channels.ANSWER_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
          .stamp(StampRequest.newBuilder().setNonce(nonce).build());
    }

    @Override
    public long stampOf(Object answer) {
      return ((StampResponse) answer).getValue();
    }

    @Override
    public void post(long nonce, String note) {
      stub(channel).post(PostRequest.newBuilder().setNonce(nonce).setNote(note).build());
    }

    @Override
    public void reset(long nonce) {
      stub(channel).reset(ResetRequest.newBuilder().setNonce(nonce).build());
    }

    @Override
    public Suite.Sighting seen(long nonce) {
      Seen seen = stub(channel).seen(SeenRequest.newBuilder().setNonce(nonce).build());
      return new Suite.Sighting(seen.getPosts(), seen.getResets(), seen.getLingersStarted(), seen.getLingersCancelled());
    }
  }
}
