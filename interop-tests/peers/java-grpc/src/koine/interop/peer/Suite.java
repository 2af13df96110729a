package koine.interop.peer;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/** One target's channel and the cases of its contract. */
final class Suite implements AutoCloseable {
  private static final int POLL_LIMIT_MILLIS = 10_000;
  private static final int POLL_PAUSE_MILLIS = 10;
  private static final int LINGER_WAIT_MILLIS = 4000;
  private static final int IN_FLIGHT_CALLS = 1000;

  /** What the cases about the course of a call need of a contract, whichever IDL made its types. */
  interface Service {
    void greet();

    /** limitMillis 0: without a deadline. */
    long linger(long nonce, int waitMillis, int limitMillis);

    long stamp(long nonce);

    /** Starts the call and leaves it to run; the number in its answer comes out of the function. */
    ListenableFuture<?> sendStamp(long nonce);

    long stampOf(Object answer);

    void post(long nonce, String note);

    void reset(long nonce);

    Sighting seen(long nonce);
  }

  record Sighting(int posts, int resets, int started, int cancelled) {}

  /** What was seen and what should have been, both as JSON text. */
  record Outcome(String got, String want) {}

  record Verdict(boolean ok, String got, String want, String error) {}

  interface Case {
    Outcome run() throws Exception;
  }

  final Target target;
  final ManagedChannel channel;
  private final Map<String, Case> cases = new LinkedHashMap<>();
  private Function<Channel, Service> opener;
  private boolean providerSeesCancels;

  private Suite(Target target) {
    this.target = target;
    this.channel = Channels.open(target);
  }

  static Suite of(Target target) {
    Suite suite = new Suite(target);
    switch (target.contract()) {
      case "own" -> OwnCases.addTo(suite);
      case "derived" -> addDerived(suite, "DerivedCases");
      case "java" -> addDerived(suite, "DerivedFromJava");
      default -> throw new IllegalArgumentException("unknown contract " + target.contract() + " (own, derived, java)");
    }
    return suite;
  }

  /** The derived cases are compiled in only when the derived IDL was there. */
  private static void addDerived(Suite suite, String cases) {
    try {
      Class.forName("koine.interop.peer." + cases).getDeclaredMethod("addTo", Suite.class).invoke(null, suite);
    } catch (ReflectiveOperationException absent) {
      throw new IllegalStateException("built without the derived contract: build it with a koine binary", absent);
    }
  }

  List<String> names() {
    return new ArrayList<>(cases.keySet());
  }

  void add(String name, Case one) {
    cases.put(name, one);
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
      return new Verdict(false, "null", "null", Channels.describe(error));
    }
  }

  @Override
  public void close() {
    Channels.close(channel);
  }

  static long newNonce() {
    return ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
  }

  /** Adds the cases that no pair of values describes. */
  void addCourseCases(Function<Channel, Service> opener, boolean providerSeesCancels) {
    this.opener = opener;
    this.providerSeesCancels = providerSeesCancels;
    add("void", this::runVoid);
    add("oneway", this::runOneway);
    add("deadline_passed", this::runDeadline);
    add("cancelled", this::runCancelled);
    add("in_flight_1000", this::runInFlight);
  }

  private Service service() {
    return opener.apply(channel);
  }

  private Outcome runVoid() {
    long nonce = newNonce();
    service().reset(nonce);
    return new Outcome("{\"resets\":" + service().seen(nonce).resets + "}", "{\"resets\":1}");
  }

  private Outcome runOneway() throws Exception {
    long nonce = newNonce();
    service().post(nonce, Samples.POST_NOTE);
    Sighting seen = poll(service(), nonce, now -> now.posts > 0);
    return new Outcome("{\"posts\":" + seen.posts + "}", "{\"posts\":1}");
  }

  /** Asks what the provider saw until enough says so or the limit is over. */
  private static Sighting poll(Service service, long nonce, Predicate<Sighting> enough) throws Exception {
    long end = System.nanoTime() + POLL_LIMIT_MILLIS * 1_000_000L;
    while (true) {
      Sighting seen = service.seen(nonce);
      if (enough.test(seen) || System.nanoTime() > end) {
        return seen;
      }
      Thread.sleep(POLL_PAUSE_MILLIS);
    }
  }

  private Outcome runDeadline() throws Exception {
    service().greet();
    long nonce = newNonce();
    long start = System.nanoTime();
    try {
      service().linger(nonce, LINGER_WAIT_MILLIS, target.deadlineMillis());
    } catch (StatusRuntimeException ended) {
      if (ended.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
        throw ended;
      }
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      if (took >= LINGER_WAIT_MILLIS) {
        throw new IllegalStateException("the deadline of " + target.deadlineMillis() + " ms was noticed after " + took + " ms");
      }
      return aftermath(service(), nonce);
    }
    throw new IllegalStateException("DEADLINE_EXCEEDED was due, but the call was answered");
  }

  private Outcome runCancelled() throws Exception {
    ManagedChannel other = Channels.open(target);
    try {
      long nonce = newNonce();
      Context.CancellableContext abandoned = Context.current().withCancellation();
      CompletableFuture<Long> call = new CompletableFuture<>();
      Thread caller = new Thread(abandoned.wrap(() -> {
        try {
          call.complete(service().linger(nonce, LINGER_WAIT_MILLIS, 0));
        } catch (RuntimeException ended) {
          call.completeExceptionally(ended);
        }
      }));
      caller.setDaemon(true);
      caller.start();
      poll(opener.apply(other), nonce, now -> now.started > 0);
      abandoned.cancel(null);
      expectCancelled(call);
      return aftermath(opener.apply(other), nonce);
    } finally {
      Channels.close(other);
    }
  }

  private static void expectCancelled(CompletableFuture<Long> call) throws Exception {
    try {
      call.get(Channels.ANSWER_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException ended) {
      if (ended.getCause() instanceof StatusRuntimeException failure && failure.getStatus().getCode() == Status.Code.CANCELLED) {
        return;
      }
      throw (Exception) ended.getCause();
    }
    throw new IllegalStateException("the call was answered before it could be cancelled");
  }

  /**
   * Checks that an abandoned call was started once, that a provider which can see its caller go did
   * so, and that a late answer reaches nobody else.
   */
  private Outcome aftermath(Service service, long nonce) throws Exception {
    int wanted = providerSeesCancels ? 1 : 0;
    Sighting seen = poll(service, nonce, now -> now.started > 0 && now.cancelled >= wanted);
    long next = newNonce();
    long stamped = service.stamp(next);
    int cancelled = providerSeesCancels ? seen.cancelled : 0;
    return new Outcome(ending(seen.started, cancelled, stamped), ending(1, wanted, ~next));
  }

  private static String ending(int started, int cancelled, long stamp) {
    return "{\"started\":" + started + ",\"cancelled\":" + cancelled + ",\"stamp\":" + stamp + "}";
  }

  /** Makes all its calls at once on one channel. */
  private Outcome runInFlight() throws Exception {
    long base = newNonce() & ~0xffffL;
    Service service = service();
    List<ListenableFuture<?>> calls = new ArrayList<>();
    for (int i = 0; i < IN_FLIGHT_CALLS; i++) {
      calls.add(service.sendStamp(base + i));
    }
    int right = 0;
    int failed = 0;
    Throwable first = null;
    for (int i = 0; i < IN_FLIGHT_CALLS; i++) {
      try {
        if (service.stampOf(calls.get(i).get()) == ~(base + i)) {
          right++;
        }
      } catch (ExecutionException failure) {
        failed++;
        first = first == null ? failure.getCause() : first;
      }
    }
    if (first != null) {
      throw new IllegalStateException(failed + " of " + IN_FLIGHT_CALLS + " calls failed, the first: " + Channels.describe(first));
    }
    return new Outcome("{\"right\":" + right + "}", "{\"right\":" + IN_FLIGHT_CALLS + "}");
  }
}
