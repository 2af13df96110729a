package koine.interop.peer;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import koine.interop.v1.AddRequest;
import koine.interop.v1.FailRequest;
import koine.interop.v1.InteropService;
import koine.interop.v1.LingerRequest;
import koine.interop.v1.ListNamesRequest;
import koine.interop.v1.NonceMessage;
import koine.interop.v1.PostRequest;
import koine.interop.v1.Sightings;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.rpc.RpcException;
import org.apache.dubbo.rpc.StatusRpcException;
import org.apache.dubbo.rpc.TriRpcStatus;

/** One target's references and the cases of contract.proto. */
final class Suite implements AutoCloseable {
  /** Bounds every call of a case that is not about time: nothing may hang. */
  private static final int ANSWER_LIMIT_MILLIS = 60_000;
  private static final int POLL_LIMIT_MILLIS = 10_000;
  private static final int POLL_PAUSE_MILLIS = 10;
  private static final int LINGER_WAIT_MILLIS = 4000;

  static {
    Provider.bootstrap("consumer").start();
  }

  /** What was seen and what should have been, both as JSON text. */
  record Outcome(String got, String want) {}

  record Verdict(boolean ok, String got, String want, String error) {}

  interface Case {
    Outcome run() throws Exception;
  }

  private interface Method<T> {
    T call(InteropService service, T request);
  }

  private final Target target;
  private final Map<Integer, ReferenceConfig<InteropService>> opened = new HashMap<>(); // by how long they wait
  private final Map<String, Case> cases = new LinkedHashMap<>();

  private Suite(Target target) {
    this.target = target;
  }

  static Suite of(Target target) {
    if (!target.contract().equals("own")) {
      throw new IllegalArgumentException("unknown contract " + target.contract() + " (own)");
    }
    Suite suite = new Suite(target);
    suite.addSamples();
    suite.addCalls();
    suite.cases.put("void", suite::runVoid);
    suite.cases.put("oneway", suite::runOneway);
    suite.cases.put("deadline_passed", suite::runDeadline);
    return suite;
  }

  private void addSamples() {
    add(Samples.numbers(), InteropService::checkNumbers);
    add(Samples.blobs(), InteropService::checkBlob);
    add(Samples.repeats(), InteropService::checkRepeats);
    add(Samples.dictionaries(), InteropService::checkDictionaries);
    add(Samples.purchases(), InteropService::placePurchase);
    add(Samples.trees(), InteropService::grow);
    add(Samples.presences(), InteropService::checkPresence);
    add(Samples.coatings(), InteropService::coat);
    add(Samples.selections(), InteropService::select);
    add(Samples.moments(), InteropService::checkMoments);
  }

  private void addCalls() {
    addCall("several_arguments", Samples.SEVERAL_ANSWER, service -> service.several(Samples.several()).getValue());
    addCall("no_arguments", Samples.GREET_ANSWER, service -> service.greet(Empty.getDefaultInstance()).getValue());
    addCall("bare_result", Samples.ADD_ANSWER,
        service -> service.add(AddRequest.newBuilder().setLeft(Samples.ADD_LEFT).setRight(Samples.ADD_RIGHT).build()).getSum());
    addCall("bare_list_result", Samples.NAMES_ANSWER,
        service -> service.listNames(ListNamesRequest.newBuilder().setPrefix(Samples.NAMES_PREFIX).build()).getNamesList());
    addCall("no_exception", Samples.ticket(), service -> service.fail(failing("no_exception")));
    addCall("undeclared_failure", "UNKNOWN with the text", service -> undeclared(() -> service.fail(failing("undeclared_failure"))));
  }

  private <T extends Message> void add(List<Sample<T>> samples, Method<T> method) {
    for (Sample<T> sample : samples) {
      addCall(sample.name(), sample.answer(), service -> method.call(service, sample.request()));
    }
  }

  private void addCall(String name, Object want, Function<InteropService, Object> call) {
    cases.put(name, () -> new Outcome(Render.json(call.apply(service())), Render.json(want)));
  }

  private static FailRequest failing(String name) {
    return FailRequest.newBuilder().setCaseId(name).build();
  }

  private static String undeclared(Runnable call) {
    try {
      call.run();
      return "the call ended well";
    } catch (RpcException failure) {
      TriRpcStatus status = statusOf(failure);
      if (status != null && status.code == TriRpcStatus.Code.UNKNOWN && status.description.contains(Samples.DELIBERATE)) {
        return "UNKNOWN with the text";
      }
      throw failure;
    }
  }

  /** Names an error the way the runner matches it. */
  private static String describe(Throwable error) {
    TriRpcStatus status = statusOf(error);
    return status == null ? error.getClass().getSimpleName() + ": " + error.getMessage() : status.code + ": " + status.description;
  }

  private static TriRpcStatus statusOf(Throwable failure) {
    for (Throwable one = failure; one != null; one = one.getCause()) {
      if (one instanceof StatusRpcException told) {
        return told.getStatus();
      }
    }
    return null;
  }

  private InteropService service() {
    return service(ANSWER_LIMIT_MILLIS);
  }

  private InteropService service(int limitMillis) {
    return opened.computeIfAbsent(limitMillis, limit -> {
      ReferenceConfig<InteropService> reference = new ReferenceConfig<>();
      reference.setInterface(InteropService.class);
      reference.setUrl("tri://" + target.host().replace("127.0.0.1", "gateway.test") + ":" + target.port());
      reference.setProxy("nativestub");
      reference.setTimeout(limit);
      reference.setRetries(0);
      reference.setCheck(false);
      return reference;
    }).get();
  }

  List<String> names() {
    return new ArrayList<>(cases.keySet());
  }

  Verdict run(String name) {
    try {
      Case one = cases.get(name);
      if (one == null) {
        throw new IllegalArgumentException("no case " + name + " in contract " + target.contract());
      }
      Outcome outcome = one.run();
      return new Verdict(outcome.got.equals(outcome.want), outcome.got, outcome.want, "");
    } catch (Exception | StackOverflowError error) {
      return new Verdict(false, "null", "null", describe(error));
    }
  }

  @Override
  public void close() {
    opened.values().forEach(ReferenceConfig::destroy);
  }

  private static NonceMessage message(long nonce) {
    return NonceMessage.newBuilder().setNonce(nonce).build();
  }

  private static long newNonce() {
    return ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
  }

  private Outcome runVoid() {
    long nonce = newNonce();
    service().reset(message(nonce));
    return new Outcome("{\"resets\":" + service().seen(message(nonce)).getResets() + "}", "{\"resets\":1}");
  }

  private Outcome runOneway() throws Exception {
    long nonce = newNonce();
    service().post(PostRequest.newBuilder().setNonce(nonce).setNote(Samples.POST_NOTE).build());
    return new Outcome("{\"posts\":" + poll(nonce, now -> now.getPosts() > 0).getPosts() + "}", "{\"posts\":1}");
  }

  /** Asks what the provider saw until enough says so or the limit is over. */
  private Sightings poll(long nonce, Predicate<Sightings> enough) throws Exception {
    long end = System.nanoTime() + POLL_LIMIT_MILLIS * 1_000_000L;
    while (true) {
      Sightings seen = service().seen(message(nonce));
      if (enough.test(seen) || System.nanoTime() > end) {
        return seen;
      }
      Thread.sleep(POLL_PAUSE_MILLIS);
    }
  }

  /** Who waits no longer is told so before the answer is due, and the next call is answered for itself. */
  private Outcome runDeadline() throws Exception {
    service().greet(Empty.getDefaultInstance());
    long nonce = newNonce();
    long start = System.nanoTime();
    try {
      service(target.deadlineMillis()).linger(LingerRequest.newBuilder().setNonce(nonce).setWaitMillis(LINGER_WAIT_MILLIS).build());
    } catch (RpcException ended) {
      TriRpcStatus status = statusOf(ended);
      if (!ended.isTimeout() && (status == null || status.code != TriRpcStatus.Code.DEADLINE_EXCEEDED)) {
        throw ended;
      }
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      if (took >= LINGER_WAIT_MILLIS) {
        throw new IllegalStateException("the deadline of " + target.deadlineMillis() + " ms was noticed after " + took + " ms");
      }
      int started = poll(nonce, now -> now.getLingersStarted() > 0).getLingersStarted();
      long next = newNonce();
      return new Outcome("{\"started\":" + started + ",\"stamp\":" + service().stamp(message(next)).getNonce() + "}",
          "{\"started\":1,\"stamp\":" + ~next + "}");
    }
    throw new IllegalStateException("DEADLINE_EXCEEDED was due, but the call was answered");
  }
}
