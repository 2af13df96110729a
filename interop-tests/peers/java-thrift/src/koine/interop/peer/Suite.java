package koine.interop.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TTransportException;

/** One target's connection and the cases of its contract. */
final class Suite implements AutoCloseable {
  private static final int POLL_LIMIT_MILLIS = 10_000;
  private static final int POLL_PAUSE_MILLIS = 10;
  private static final int LINGER_WAIT_MILLIS = 4000;
  private static final int IN_FLIGHT_CALLS = 1000;
  private static final int PIPELINE_WINDOW = 50;

  /** What the cases about the course of a call need of a contract, whichever IDL made its types. */
  interface Service {
    String greet() throws TException;

    long linger(long nonce, int waitMillis) throws TException;

    long stamp(long nonce) throws TException;

    void sendStamp(long nonce) throws TException;

    long receiveStamp() throws TException;

    void post(long nonce, String note) throws TException;

    void reset(long nonce) throws TException;

    Sighting seen(long nonce) throws TException;
  }

  record Sighting(int posts, int resets, int started, int cancelled) {}

  /** What was seen and what should have been, both as JSON text. */
  record Outcome(String got, String want) {}

  record Verdict(boolean ok, String got, String want, String error) {}

  interface Case {
    Outcome run() throws Exception;
  }

  final Target target;
  private final Map<String, Case> cases = new LinkedHashMap<>();
  private Connection connection;
  private Function<TProtocol, Service> opener;
  private boolean providerSeesCancels;

  private Suite(Target target) {
    this.target = target;
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
      close(); // whatever is left on the wire belongs to the case that failed
      return new Verdict(false, "null", "null", Connection.describe(error));
    }
  }

  /** The connection of all cases that do not need one of their own. */
  TProtocol shared() throws TException {
    if (connection == null) {
      connection = Connection.open(target, Connection.ANSWER_LIMIT_MILLIS);
    }
    return connection.protocol;
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  static long newNonce() {
    return ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
  }

  /** Adds the cases that no pair of values describes. */
  void addCourseCases(Function<TProtocol, Service> opener, boolean providerSeesCancels) {
    this.opener = opener;
    this.providerSeesCancels = providerSeesCancels;
    add("void", this::runVoid);
    add("oneway", this::runOneway);
    add("deadline_passed", this::runDeadline);
    add("cancelled", this::runCancelled);
    add("in_flight_1000", this::runInFlight);
  }

  private Service service() throws TException {
    return opener.apply(shared());
  }

  private Outcome runVoid() throws TException {
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
    try (Connection hurried = Connection.open(target, target.deadlineMillis())) {
      opener.apply(hurried.protocol).linger(nonce, LINGER_WAIT_MILLIS);
    } catch (TTransportException timeout) {
      if (timeout.getType() == TTransportException.TIMED_OUT) {
        return aftermath(nonce);
      }
      throw timeout;
    }
    throw new IllegalStateException("a time-out was due, but the call was answered");
  }

  private Outcome runCancelled() throws Exception {
    long nonce = newNonce();
    Connection abandoned = Connection.open(target, Connection.ANSWER_LIMIT_MILLIS);
    CompletableFuture<Long> call = new CompletableFuture<>();
    Thread caller = new Thread(() -> {
      try {
        call.complete(opener.apply(abandoned.protocol).linger(nonce, LINGER_WAIT_MILLIS));
      } catch (TException | RuntimeException ended) {
        call.completeExceptionally(ended);
      }
    });
    caller.setDaemon(true);
    caller.start();
    poll(service(), nonce, now -> now.started > 0);
    abandoned.close();
    try {
      call.get();
    } catch (ExecutionException ended) {
      return aftermath(nonce);
    }
    throw new IllegalStateException("the call was answered before it could be cancelled");
  }

  /**
   * Checks that an abandoned call was started once, that a provider which can see its caller go did
   * so, and that a late answer reaches nobody else.
   */
  private Outcome aftermath(long nonce) throws Exception {
    int wanted = providerSeesCancels ? 1 : 0;
    Sighting seen = poll(service(), nonce, now -> now.started > 0 && now.cancelled >= wanted);
    try (Connection fresh = Connection.open(target, Connection.ANSWER_LIMIT_MILLIS)) {
      long next = newNonce();
      long stamped = opener.apply(fresh.protocol).stamp(next);
      int cancelled = providerSeesCancels ? seen.cancelled : 0;
      return new Outcome(ending(seen.started, cancelled, stamped), ending(1, wanted, ~next));
    }
  }

  private static String ending(int started, int cancelled, long stamp) {
    return "{\"started\":" + started + ",\"cancelled\":" + cancelled + ",\"stamp\":" + stamp + "}";
  }

  /**
   * Writes requests a window ahead of the answers on one connection. A generated client accepts only
   * the answer to its own last request, so the window is that many clients on one protocol.
   */
  private Outcome runInFlight() throws Exception {
    try (Connection own = Connection.open(target, Connection.ANSWER_LIMIT_MILLIS)) {
      List<Service> clients = new ArrayList<>();
      for (int i = 0; i < PIPELINE_WINDOW; i++) {
        clients.add(opener.apply(own.protocol));
      }
      long base = newNonce() & ~0xffffL;
      int sent = 0;
      int right = 0;
      for (int received = 0; received < IN_FLIGHT_CALLS; received++) {
        for (; sent < IN_FLIGHT_CALLS && sent - received < PIPELINE_WINDOW; sent++) {
          clients.get(sent % PIPELINE_WINDOW).sendStamp(base + sent);
        }
        if (clients.get(received % PIPELINE_WINDOW).receiveStamp() == ~(base + received)) {
          right++;
        }
      }
      return new Outcome("{\"right\":" + right + "}", "{\"right\":" + IN_FLIGHT_CALLS + "}");
    }
  }
}
