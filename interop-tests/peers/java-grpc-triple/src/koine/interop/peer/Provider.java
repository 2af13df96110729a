package koine.interop.peer;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import koine.interop.v1.AddReply;
import koine.interop.v1.AddRequest;
import koine.interop.v1.Blob;
import koine.interop.v1.Coating;
import koine.interop.v1.Dictionaries;
import koine.interop.v1.DubboInteropServiceTriple;
import koine.interop.v1.FailRequest;
import koine.interop.v1.InteropService;
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
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.apache.dubbo.rpc.TriRpcStatus;

/** Checks what it received against the case and answers the case's other value. */
final class Provider extends DubboInteropServiceTriple.InteropServiceImplBase {
  private static final int WORKERS = 64;
  private static final int MISMATCH_SHOWN_MAX = 2000;

  private final Map<Long, Sightings> seen = new ConcurrentHashMap<>();

  static DubboBootstrap bootstrap(String role) {
    ApplicationConfig application = new ApplicationConfig("koine-interop-" + role);
    application.setQosEnable(false);
    return DubboBootstrap.getInstance().application(application).registry(new RegistryConfig("N/A"));
  }

  /** Dubbo takes no port 0, and listens on every address. */
  static void serve(int wanted) throws IOException {
    int port = wanted == 0 ? freePort() : wanted;
    ProtocolConfig protocol = new ProtocolConfig("tri", port);
    protocol.setThreads(WORKERS);
    ServiceConfig<InteropService> service = new ServiceConfig<>();
    service.setInterface(InteropService.class);
    service.setRef(new Provider());
    DubboBootstrap dubbo = bootstrap("provider").protocol(protocol).service(service).start();
    System.out.println("READY " + port);
    dubbo.await();
  }

  /** Below the ports that the system gives to everybody else. */
  private static int freePort() {
    while (true) {
      try (ServerSocket free = new ServerSocket(ThreadLocalRandom.current().nextInt(20_000, 32_000))) {
        return free.getLocalPort();
      } catch (IOException taken) {
        // the next one
      }
    }
  }

  private static RuntimeException mismatch(String name, String got, String want) {
    String text = name + ": got " + got + " want " + want;
    return TriRpcStatus.UNKNOWN.withDescription(text.substring(0, Math.min(text.length(), MISMATCH_SHOWN_MAX))).asException();
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

  @Override
  public Numbers checkNumbers(Numbers r) {
    return check(Samples.numbers(), r.getCaseId(), r);
  }

  @Override
  public Blob checkBlob(Blob r) {
    return check(Samples.blobs(), r.getCaseId(), r);
  }

  @Override
  public Repeats checkRepeats(Repeats r) {
    return check(Samples.repeats(), r.getCaseId(), r);
  }

  @Override
  public Dictionaries checkDictionaries(Dictionaries r) {
    return check(Samples.dictionaries(), r.getCaseId(), r);
  }

  @Override
  public Purchase placePurchase(Purchase r) {
    return check(Samples.purchases(), r.getCaseId(), r);
  }

  @Override
  public TreeNode grow(TreeNode r) {
    return check(Samples.trees(), "n0".equals(r.getLabel()) ? "recursive_chain" : "recursive_bush", r);
  }

  @Override
  public Presence checkPresence(Presence r) {
    return check(Samples.presences(), r.getCaseId(), r);
  }

  @Override
  public Coating coat(Coating r) {
    return check(Samples.coatings(), r.getCaseId(), r);
  }

  @Override
  public Selection select(Selection r) {
    return check(Samples.selections(), r.getCaseId(), r);
  }

  @Override
  public Moments checkMoments(Moments r) {
    return check(Samples.moments(), r.getCaseId(), r);
  }

  @Override
  public TextReply several(SeveralRequest r) {
    expect("several_arguments", r, Samples.several());
    return TextReply.newBuilder().setValue(Samples.SEVERAL_ANSWER).build();
  }

  @Override
  public AddReply add(AddRequest r) {
    expect("bare_result", r, AddRequest.newBuilder().setLeft(Samples.ADD_LEFT).setRight(Samples.ADD_RIGHT).build());
    return AddReply.newBuilder().setSum(Samples.ADD_ANSWER).build();
  }

  @Override
  public ListNamesReply listNames(ListNamesRequest r) {
    expect("bare_list_result", r, ListNamesRequest.newBuilder().setPrefix(Samples.NAMES_PREFIX).build());
    return ListNamesReply.newBuilder().addAllNames(Samples.NAMES_ANSWER).build();
  }

  @Override
  public TextReply greet(Empty r) {
    return TextReply.newBuilder().setValue(Samples.GREET_ANSWER).build();
  }

  private Sightings note(long nonce, Consumer<Sightings.Builder> change) {
    return seen.compute(nonce, (key, entry) -> {
      Sightings.Builder next = entry == null ? Sightings.newBuilder() : entry.toBuilder();
      change.accept(next);
      return next.build();
    });
  }

  @Override
  public Empty reset(NonceMessage r) {
    note(r.getNonce(), entry -> entry.setResets(entry.getResets() + 1));
    return Empty.getDefaultInstance();
  }

  @Override
  public Empty post(PostRequest r) {
    if (Samples.POST_NOTE.equals(r.getNote())) {
      note(r.getNonce(), entry -> entry.setPosts(entry.getPosts() + 1));
    }
    return Empty.getDefaultInstance();
  }

  @Override
  public Sightings seen(NonceMessage r) {
    return seen.getOrDefault(r.getNonce(), Sightings.getDefaultInstance());
  }

  @Override
  public Ticket fail(FailRequest r) {
    switch (r.getCaseId()) {
      case "undeclared_failure":
        throw TriRpcStatus.UNKNOWN.withDescription(Samples.DELIBERATE).asException();
      case "no_exception":
        return Samples.ticket();
      default:
        throw mismatch(r.getCaseId(), "an unknown case", "a case of this method");
    }
  }

  @Override
  public NonceMessage linger(LingerRequest r) {
    note(r.getNonce(), entry -> entry.setLingersStarted(entry.getLingersStarted() + 1));
    try {
      Thread.sleep(r.getWaitMillis());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return NonceMessage.newBuilder().setNonce(~r.getNonce()).build();
  }

  @Override
  public NonceMessage stamp(NonceMessage r) {
    return NonceMessage.newBuilder().setNonce(~r.getNonce()).build();
  }
}
