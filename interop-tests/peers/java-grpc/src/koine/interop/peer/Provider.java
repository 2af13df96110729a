package koine.interop.peer;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import koine.interop.v1.AddReply;
import koine.interop.v1.AddRequest;
import koine.interop.v1.Blob;
import koine.interop.v1.Coating;
import koine.interop.v1.Dictionaries;
import koine.interop.v1.FailRequest;
import koine.interop.v1.InteropServiceGrpc;
import koine.interop.v1.LingerRequest;
import koine.interop.v1.ListNamesReply;
import koine.interop.v1.ListNamesRequest;
import koine.interop.v1.Moments;
import koine.interop.v1.NonceMessage;
import koine.interop.v1.Numbers;
import koine.interop.v1.PostRequest;
import koine.interop.v1.Presence;
import koine.interop.v1.Purchase;
import koine.interop.v1.Repeats;
import koine.interop.v1.Selection;
import koine.interop.v1.SeveralRequest;
import koine.interop.v1.Sightings;
import koine.interop.v1.TextReply;
import koine.interop.v1.Ticket;
import koine.interop.v1.TreeNode;

/** Checks what it received against the case and answers the case's other value. */
final class Provider extends InteropServiceGrpc.InteropServiceImplBase {
  /** No call holds one while it waits. */
  private static final int WORKERS = 8;
  private static final int MISMATCH_SHOWN_MAX = 2000;
  private static final Context.Key<Metadata> HEADERS = Context.key("headers");

  private final Map<Long, Sightings> seen = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

  static void serve(int port) throws IOException, InterruptedException {
    Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port)).executor(Executors.newFixedThreadPool(WORKERS))
        .addService(ServerInterceptors.intercept(new Provider(), new MetadataExchange())).build().start();
    System.out.println("READY " + server.getPort());
    server.awaitTermination();
  }

  /** Shows the one method that asks for it the caller's metadata, and adds the answer's to what that method answers. */
  private static final class MetadataExchange implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      if (!call.getMethodDescriptor().equals(InteropServiceGrpc.getExchangeMetadataMethod())) {
        return next.startCall(call, headers);
      }
      ServerCall<Q, A> answering = new SimpleForwardingServerCall<>(call) {
        @Override
        public void sendHeaders(Metadata sent) {
          sent.merge(Channels.metadata(Samples.HEADERS_ANSWER));
          super.sendHeaders(sent);
        }

        @Override
        public void close(Status status, Metadata trailers) {
          if (status.isOk()) {
            trailers.merge(Channels.metadata(Samples.TRAILERS_ANSWER));
          }
          super.close(status, trailers);
        }
      };
      return Contexts.interceptCall(Context.current().withValue(HEADERS, headers), answering, headers, next);
    }
  }

  private static StatusRuntimeException mismatch(String name, String got, String want) {
    String text = name + ": got " + got + " want " + want;
    return Status.UNKNOWN.withDescription(text.substring(0, Math.min(text.length(), MISMATCH_SHOWN_MAX))).asRuntimeException();
  }

  private static void expect(String name, Object got, Object want) {
    if (!Render.json(got).equals(Render.json(want))) {
      throw mismatch(name, Render.json(got), Render.json(want));
    }
  }

  private static <T extends Message> T check(List<Sample<T>> samples, String name, T received) {
    Sample<T> expected = Sample.find(samples, name);
    if (expected == null) {
      throw mismatch(name, "an unknown case", "a case of this method");
    }
    expect(name, received, expected.request());
    return expected.answer();
  }

  private static <T> void answer(StreamObserver<T> call, Supplier<T> value) {
    try {
      call.onNext(value.get());
      call.onCompleted();
    } catch (StatusRuntimeException refused) {
      call.onError(refused);
    }
  }

  @Override
  public void checkNumbers(Numbers r, StreamObserver<Numbers> call) {
    answer(call, () -> check(Samples.numbers(), r.getCaseId(), r));
  }

  @Override
  public void checkBlob(Blob r, StreamObserver<Blob> call) {
    answer(call, () -> check(Samples.blobs(), r.getCaseId(), r));
  }

  @Override
  public void checkRepeats(Repeats r, StreamObserver<Repeats> call) {
    answer(call, () -> check(Samples.repeats(), r.getCaseId(), r));
  }

  @Override
  public void checkDictionaries(Dictionaries r, StreamObserver<Dictionaries> call) {
    answer(call, () -> check(Samples.dictionaries(), r.getCaseId(), r));
  }

  @Override
  public void placePurchase(Purchase r, StreamObserver<Purchase> call) {
    answer(call, () -> check(Samples.purchases(), r.getCaseId(), r));
  }

  @Override
  public void grow(TreeNode r, StreamObserver<TreeNode> call) {
    answer(call, () -> check(Samples.trees(), "n0".equals(r.getLabel()) ? "recursive_chain" : "recursive_bush", r));
  }

  @Override
  public void checkPresence(Presence r, StreamObserver<Presence> call) {
    answer(call, () -> check(Samples.presences(), r.getCaseId(), r));
  }

  @Override
  public void coat(Coating r, StreamObserver<Coating> call) {
    answer(call, () -> check(Samples.coatings(), r.getCaseId(), r));
  }

  @Override
  public void select(Selection r, StreamObserver<Selection> call) {
    answer(call, () -> check(Samples.selections(), r.getCaseId(), r));
  }

  @Override
  public void checkMoments(Moments r, StreamObserver<Moments> call) {
    answer(call, () -> check(Samples.moments(), r.getCaseId(), r));
  }

  @Override
  public void several(SeveralRequest r, StreamObserver<TextReply> call) {
    answer(call, () -> {
      expect("several_arguments", r, Samples.several());
      return TextReply.newBuilder().setValue(Samples.SEVERAL_ANSWER).build();
    });
  }

  @Override
  public void add(AddRequest r, StreamObserver<AddReply> call) {
    answer(call, () -> {
      expect("bare_result", r, AddRequest.newBuilder().setLeft(Samples.ADD_LEFT).setRight(Samples.ADD_RIGHT).build());
      return AddReply.newBuilder().setSum(Samples.ADD_ANSWER).build();
    });
  }

  @Override
  public void listNames(ListNamesRequest r, StreamObserver<ListNamesReply> call) {
    answer(call, () -> {
      expect("bare_list_result", r, ListNamesRequest.newBuilder().setPrefix(Samples.NAMES_PREFIX).build());
      return ListNamesReply.newBuilder().addAllNames(Samples.NAMES_ANSWER).build();
    });
  }

  @Override
  public void greet(Empty r, StreamObserver<TextReply> call) {
    answer(call, () -> {
      expect("no_arguments", r, Empty.getDefaultInstance());
      return TextReply.newBuilder().setValue(Samples.GREET_ANSWER).build();
    });
  }

  private void note(long nonce, Consumer<Sightings.Builder> change) {
    seen.compute(nonce, (key, entry) -> {
      Sightings.Builder next = entry == null ? Sightings.newBuilder() : entry.toBuilder();
      change.accept(next);
      return next.build();
    });
  }

  @Override
  public void reset(NonceMessage r, StreamObserver<Empty> call) {
    note(r.getNonce(), entry -> entry.setResets(entry.getResets() + 1));
    answer(call, Empty::getDefaultInstance);
  }

  @Override
  public void post(PostRequest r, StreamObserver<Empty> call) {
    if (Samples.POST_NOTE.equals(r.getNote())) {
      note(r.getNonce(), entry -> entry.setPosts(entry.getPosts() + 1));
    }
    answer(call, Empty::getDefaultInstance);
  }

  @Override
  public void seen(NonceMessage r, StreamObserver<Sightings> call) {
    answer(call, () -> seen.getOrDefault(r.getNonce(), Sightings.getDefaultInstance()));
  }

  private static StatusRuntimeException declared(Code code, String text, Message detail) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder().setCode(code.getNumber()).setMessage(text).addDetails(Any.pack(detail)).build());
  }

  @Override
  public void fail(FailRequest r, StreamObserver<Ticket> call) {
    answer(call, () -> {
      switch (r.getCaseId()) {
        case "declared_exception_a":
          throw declared(Code.NOT_FOUND, Samples.MISSING_TEXT, Samples.missing());
        case "declared_exception_b":
          throw declared(Code.RESOURCE_EXHAUSTED, Samples.QUOTA_TEXT, Samples.quota());
        case "undeclared_failure":
          throw Status.UNKNOWN.withDescription(Samples.DELIBERATE).asRuntimeException();
        case "no_exception":
          return Samples.ticket();
        default:
          throw mismatch(r.getCaseId(), "an unknown case", "a case of this method");
      }
    });
  }

  @Override
  public void linger(LingerRequest r, StreamObserver<NonceMessage> call) {
    long nonce = r.getNonce();
    ScheduledFuture<?> waiting =
        timers.schedule(() -> answer(call, () -> NonceMessage.newBuilder().setNonce(~nonce).build()), r.getWaitMillis(), TimeUnit.MILLISECONDS);
    ((ServerCallStreamObserver<NonceMessage>) call).setOnCancelHandler(() -> {
      if (waiting.cancel(false)) {
        note(nonce, entry -> entry.setLingersCancelled(entry.getLingersCancelled() + 1));
      }
    });
    note(nonce, entry -> entry.setLingersStarted(entry.getLingersStarted() + 1));
  }

  @Override
  public void exchangeMetadata(NonceMessage r, StreamObserver<NonceMessage> call) {
    answer(call, () -> {
      expect("metadata_roundtrip", Channels.marked(HEADERS.get()), Channels.marked(Channels.metadata(Samples.METADATA_REQUEST)));
      return NonceMessage.newBuilder().setNonce(~r.getNonce()).build();
    });
  }

  @Override
  public void stamp(NonceMessage r, StreamObserver<NonceMessage> call) {
    answer(call, () -> NonceMessage.newBuilder().setNonce(~r.getNonce()).build());
  }
}
