package koine.interop.peer;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import koine.interop.v1.AddRequest;
import koine.interop.v1.FailRequest;
import koine.interop.v1.InteropServiceGrpc;
import koine.interop.v1.InteropServiceGrpc.InteropServiceBlockingStub;
import koine.interop.v1.LingerRequest;
import koine.interop.v1.ListNamesRequest;
import koine.interop.v1.NonceMessage;
import koine.interop.v1.PostRequest;
import koine.interop.v1.Sightings;

/** The cases of contract.proto, towards a gRPC provider. */
final class OwnCases {
  private OwnCases() {}

  private interface Call {
    Object on(InteropServiceBlockingStub stub) throws Exception;
  }

  private interface Method<T> {
    T call(InteropServiceBlockingStub stub, T request);
  }

  static void addTo(Suite suite) {
    add(suite, Samples.numbers(), InteropServiceBlockingStub::checkNumbers);
    add(suite, Samples.blobs(), InteropServiceBlockingStub::checkBlob);
    add(suite, Samples.repeats(), InteropServiceBlockingStub::checkRepeats);
    add(suite, Samples.dictionaries(), InteropServiceBlockingStub::checkDictionaries);
    add(suite, Samples.purchases(), InteropServiceBlockingStub::placePurchase);
    add(suite, Samples.trees(), InteropServiceBlockingStub::grow);
    add(suite, Samples.presences(), InteropServiceBlockingStub::checkPresence);
    add(suite, Samples.coatings(), InteropServiceBlockingStub::coat);
    add(suite, Samples.selections(), InteropServiceBlockingStub::select);
    add(suite, Samples.moments(), InteropServiceBlockingStub::checkMoments);
    addCall(suite, "several_arguments", Samples.SEVERAL_ANSWER, stub -> stub.several(Samples.several()).getValue());
    addCall(suite, "no_arguments", Samples.GREET_ANSWER, stub -> stub.greet(Empty.getDefaultInstance()).getValue());
    addCall(suite, "bare_result", Samples.ADD_ANSWER,
        stub -> stub.add(AddRequest.newBuilder().setLeft(Samples.ADD_LEFT).setRight(Samples.ADD_RIGHT).build()).getSum());
    addCall(suite, "bare_list_result", Samples.NAMES_ANSWER,
        stub -> stub.listNames(ListNamesRequest.newBuilder().setPrefix(Samples.NAMES_PREFIX).build()).getNamesList());
    addCall(suite, "no_exception", Samples.ticket(), stub -> stub.fail(failing("no_exception")));
    suite.add("metadata_roundtrip", () -> exchangeMetadata(suite));
    addErrors(suite);
    suite.addCourseCases(OwnService::new, true);
  }

  private static InteropServiceBlockingStub stub(Channel channel) {
    return InteropServiceGrpc.newBlockingStub(channel).withDeadlineAfter(Channels.ANSWER_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static <T extends Message> void add(Suite suite, List<Sample<T>> samples, Method<T> method) {
    for (Sample<T> sample : samples) {
      suite.add(sample.name(),
          () -> new Suite.Outcome(Render.json(method.call(stub(suite.channel), sample.request())), Render.json(sample.answer())));
    }
  }

  private static void addCall(Suite suite, String name, Object want, Call call) {
    suite.add(name, () -> new Suite.Outcome(Render.json(call.on(stub(suite.channel))), Render.json(want)));
  }

  private static FailRequest failing(String name) {
    return FailRequest.newBuilder().setCaseId(name).build();
  }

  private static Suite.Outcome exchangeMetadata(Suite suite) {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Channel channel = ClientInterceptors.intercept(suite.channel,
        MetadataUtils.newAttachHeadersInterceptor(Channels.metadata(Samples.METADATA_REQUEST)),
        MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
    long nonce = Suite.newNonce();
    long answer = stub(channel).exchangeMetadata(NonceMessage.newBuilder().setNonce(nonce).build()).getNonce();
    return new Suite.Outcome(
        Render.json(Map.of("nonce", answer, "headers", Channels.marked(headers.get()), "trailers", Channels.marked(trailers.get()))),
        Render.json(Map.of("nonce", ~nonce, "headers", Channels.marked(Channels.metadata(Samples.HEADERS_ANSWER)),
            "trailers", Channels.marked(Channels.metadata(Samples.TRAILERS_ANSWER)))));
  }

  private static void addErrors(Suite suite) {
    addCall(suite, "declared_exception_a", status(Status.Code.NOT_FOUND, Samples.MISSING_TEXT, Samples.missing()),
        stub -> failure(() -> stub.fail(failing("declared_exception_a")), Samples.missing()));
    addCall(suite, "declared_exception_b", status(Status.Code.RESOURCE_EXHAUSTED, Samples.QUOTA_TEXT, Samples.quota()),
        stub -> failure(() -> stub.fail(failing("declared_exception_b")), Samples.quota()));
    addCall(suite, "undeclared_failure", "UNKNOWN with the text", stub -> undeclared(() -> stub.fail(failing("undeclared_failure"))));
    addCall(suite, "no_such_method", "UNIMPLEMENTED", stub -> noSuchMethod(stub.getChannel(), InteropServiceGrpc.SERVICE_NAME, "NoSuchMethod"));
  }

  /** What a declared error is expected to be. */
  private static Map<String, Object> status(Status.Code code, String text, Message detail) {
    return Map.of("code", code, "message", text, "details", List.of(Map.of(detail.getDescriptorForType().getFullName(), detail)));
  }

  /** What the call ended with, details of the sample's type shown by their fields. */
  static Map<String, Object> failure(Runnable call, Message sample) throws InvalidProtocolBufferException {
    try {
      call.run();
      return Map.of("code", Status.Code.OK);
    } catch (StatusRuntimeException failure) {
      com.google.rpc.Status status = StatusProto.fromThrowable(failure);
      List<Object> details = new ArrayList<>();
      for (Any detail : status == null ? List.<Any>of() : status.getDetailsList()) {
        String type = detail.getTypeUrl().replaceFirst("^type\\.googleapis\\.com/", "");
        boolean known = detail.is(sample.getClass());
        details.add(Map.of(type, known ? detail.unpack(sample.getClass()) : detail.getValue()));
      }
      return Map.of("code", failure.getStatus().getCode(), "message", String.valueOf(failure.getStatus().getDescription()),
          "details", details);
    }
  }

  static String undeclared(Runnable call) {
    try {
      call.run();
      return "the call ended well";
    } catch (StatusRuntimeException failure) {
      String text = failure.getStatus().getDescription();
      if (failure.getStatus().getCode() == Status.Code.UNKNOWN && text != null && text.contains(Samples.DELIBERATE)) {
        return "UNKNOWN with the text";
      }
      throw failure;
    }
  }

  /** Calls a method that the IDL does not have. */
  static String noSuchMethod(Channel channel, String service, String name) {
    MethodDescriptor<Empty, Empty> method = MethodDescriptor.<Empty, Empty>newBuilder().setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
        .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance())).build();
    try {
      ClientCalls.blockingUnaryCall(channel, method,
          CallOptions.DEFAULT.withDeadlineAfter(Channels.ANSWER_LIMIT_MILLIS, TimeUnit.MILLISECONDS), Empty.getDefaultInstance());
      return "the call ended well";
    } catch (StatusRuntimeException failure) {
      if (failure.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return "UNIMPLEMENTED";
      }
      throw failure;
    }
  }

  private static final class OwnService implements Suite.Service {
    private final Channel channel;

    OwnService(Channel channel) {
      this.channel = channel;
    }

    private static NonceMessage message(long nonce) {
      return NonceMessage.newBuilder().setNonce(nonce).build();
    }

    @Override
    public void greet() {
      stub(channel).greet(Empty.getDefaultInstance());
    }

    @Override
    public long linger(long nonce, int waitMillis, int limitMillis) {
      InteropServiceBlockingStub patient = InteropServiceGrpc.newBlockingStub(channel);
      InteropServiceBlockingStub stub = limitMillis == 0 ? patient : patient.withDeadlineAfter(limitMillis, TimeUnit.MILLISECONDS);
      return stub.linger(LingerRequest.newBuilder().setNonce(nonce).setWaitMillis(waitMillis).build()).getNonce();
    }

    @Override
    public long stamp(long nonce) {
      return stub(channel).stamp(message(nonce)).getNonce();
    }

    @Override
    public ListenableFuture<?> sendStamp(long nonce) {
      return InteropServiceGrpc.newFutureStub(channel).withDeadlineAfter(Channels.ANSWER_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
          .stamp(message(nonce));
    }

    @Override
    public long stampOf(Object answer) {
      return ((NonceMessage) answer).getNonce();
    }

    @Override
    public void post(long nonce, String note) {
      stub(channel).post(PostRequest.newBuilder().setNonce(nonce).setNote(note).build());
    }

    @Override
    public void reset(long nonce) {
      stub(channel).reset(message(nonce));
    }

    @Override
    public Suite.Sighting seen(long nonce) {
      Sightings seen = stub(channel).seen(message(nonce));
      return new Suite.Sighting(seen.getPosts(), seen.getResets(), seen.getLingersStarted(), seen.getLingersCancelled());
    }
  }
}
