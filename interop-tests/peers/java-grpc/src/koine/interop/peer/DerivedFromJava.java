package koine.interop.peer;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import koine.interop.shop.proto.FailRequest;
import koine.interop.shop.proto.GreetRequest;
import koine.interop.shop.proto.InteropServiceGrpc;
import koine.interop.shop.proto.InteropServiceGrpc.InteropServiceBlockingStub;
import koine.interop.shop.proto.LingerRequest;
import koine.interop.shop.proto.PostRequest;
import koine.interop.shop.proto.ResetRequest;
import koine.interop.shop.proto.Seen;
import koine.interop.shop.proto.SeenRequest;
import koine.interop.shop.proto.StampRequest;
import koine.interop.shop.proto.StampResponse;

/** The proto that Koine derives from the Java contract: the cases towards Dubbo's providers, whose values are those of a table. */
final class DerivedFromJava {
  private DerivedFromJava() {}

  static void addTo(Suite suite) {
    try {
      for (String line : Files.readAllLines(Path.of(System.getProperty("koine.javas")))) {
        String[] columns = line.split("\t", -1);
        suite.add(columns[0], () -> columns.length > 4 ? exception(suite, columns) : call(suite, columns));
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    suite.add("undeclared_failure", () -> new Suite.Outcome(Render.json(OwnCases.undeclared(
        () -> stub(suite.channel).fail(FailRequest.newBuilder().setCaseId("undeclared_failure").build()))), Render.json("UNKNOWN with the text")));
    suite.add("no_such_method", () -> new Suite.Outcome(
        Render.json(OwnCases.noSuchMethod(suite.channel, InteropServiceGrpc.SERVICE_NAME, "NoSuchMethod")), Render.json("UNIMPLEMENTED")));
    suite.addCourseCases(Service::new, false);
  }

  private static CallOptions limited() {
    return CallOptions.DEFAULT.withDeadlineAfter(Channels.ANSWER_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static InteropServiceBlockingStub stub(Channel channel) {
    return InteropServiceGrpc.newBlockingStub(channel).withDeadlineAfter(Channels.ANSWER_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
  }

  @SuppressWarnings("unchecked")
  private static MethodDescriptor<Message, Message> method(String name) {
    return (MethodDescriptor<Message, Message>) InteropServiceGrpc.getServiceDescriptor().getMethods().stream()
        .filter(method -> name.equals(method.getBareMethodName())).findAny().orElseThrow();
  }

  private static ByteArrayInputStream bytes(String hex) {
    return new ByteArrayInputStream(HexFormat.of().parseHex(hex));
  }

  /** name, method, request, answer. */
  private static Suite.Outcome call(Suite suite, String[] columns) {
    MethodDescriptor<Message, Message> method = method(columns[1]);
    Message got = ClientCalls.blockingUnaryCall(suite.channel, method, limited(), method.parseRequest(bytes(columns[2])));
    return new Suite.Outcome(Render.json(sorted(got)), Render.json(sorted(method.parseResponse(bytes(columns[3])))));
  }

  /** name, method, request, the exception's bytes, its full name, its text. */
  private static Suite.Outcome exception(Suite suite, String[] columns) throws Exception {
    MethodDescriptor<Message, Message> method = method(columns[1]);
    String text = new String(HexFormat.of().parseHex(columns[5]), StandardCharsets.UTF_8);
    Class<?> type = Class.forName(FailRequest.class.getPackageName() + columns[4].substring(columns[4].lastIndexOf('.')));
    Message detail = (Message) type.getMethod("parseFrom", byte[].class).invoke(null, HexFormat.of().parseHex(columns[3]));
    Object got = OwnCases.failure(
        () -> ClientCalls.blockingUnaryCall(suite.channel, method, limited(), method.parseRequest(bytes(columns[2]))), detail);
    return new Suite.Outcome(Render.json(got),
        Render.json(Map.of("code", Status.Code.UNKNOWN, "message", text, "details", List.of(Map.of(columns[4], detail)))));
  }

  /** What was a set has no order: those fields are called so. */
  private static Message sorted(Message message) {
    Message.Builder made = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> one : message.getAllFields().entrySet()) {
      if (one.getKey().isRepeated() && one.getKey().getName().endsWith("Set")) {
        List<Object> items = new ArrayList<>((List<?>) one.getValue());
        items.sort(Comparator.comparing(Object::toString));
        made.setField(one.getKey(), items);
      }
    }
    return made.build();
  }

  private record Service(Channel channel) implements Suite.Service {
    @Override
    public void greet() {
      stub(channel).greet(GreetRequest.getDefaultInstance());
    }

    @Override
    public long linger(long nonce, int waitMillis, int limitMillis) {
      InteropServiceBlockingStub patient = InteropServiceGrpc.newBlockingStub(channel);
      InteropServiceBlockingStub stub = limitMillis == 0 ? patient : patient.withDeadlineAfter(limitMillis, TimeUnit.MILLISECONDS);
      return stub.linger(LingerRequest.newBuilder().setNonce(nonce).setWaitMillis(waitMillis).build()).getValue();
    }

    @Override
    public long stamp(long nonce) {
      return stub(channel).stamp(StampRequest.newBuilder().setNonce(nonce).build()).getValue();
    }

    @Override
    public ListenableFuture<?> sendStamp(long nonce) {
      return InteropServiceGrpc.newFutureStub(channel).withDeadlineAfter(Channels.ANSWER_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
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
      return new Suite.Sighting(seen.getPosts(), seen.getResets(), seen.getLingersStarted(), 0);
    }
  }
}
