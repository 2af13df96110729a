package koine.interop.peer;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import koine.interop.shop.Node;
import org.apache.dubbo.rpc.RpcContext;
import org.apache.dubbo.rpc.RpcException;
import org.apache.dubbo.rpc.service.EchoService;

/** One target's references and the cases of the contract that it is called with. */
final class Suite implements AutoCloseable {
  static final String POST_NOTE = "put it on the door";
  static final String GREETING = "x-koine-greeting";
  private static final int POLL_LIMIT_MILLIS = 10_000;
  private static final int POLL_PAUSE_MILLIS = 10;
  private static final int LINGER_WAIT_MILLIS = 4000;
  private static final int IN_FLIGHT_CALLS = 1000;
  private static final List<String> NOT_THERE = List.of("UNIMPLEMENTED : ", "because \"methodDescriptors\" is null");
  private static final String DELIBERATE = "deliberate failure";
  private static final int UNKNOWN = 2; // gRPC's codes
  private static final int DEADLINE_EXCEEDED = 4;

  /** What was seen and what should have been, both as JSON text. */
  record Outcome(String got, String want) {
    static Outcome of(Object got, Object want) {
      return new Outcome(Render.json(got), Render.json(want));
    }
  }

  record Verdict(boolean ok, String got, String want, String error) {}

  interface Callable {
    Object run() throws Throwable;
  }

  interface Course {
    Outcome run() throws Throwable;
  }

  /** A newer version of the contract than the provider's. */
  public interface Newer {
    String noSuchMethod(String text);
  }

  /** What a provider saw of a nonce. */
  record Sighting(int posts, int resets, int started, int cancelled) {}

  private final Target target;
  private final Contract contract;
  private final Map<String, Case> table;
  private final References references;
  private final Map<String, Course> cases = new LinkedHashMap<>();

  private Suite(Target target) {
    this.target = target;
    contract = Contract.of(target.contract());
    table = contract.cases();
    references = new References(target);
    table.values().stream().filter(Case::isOneCall).forEach(one -> cases.put(one.name(), () -> call(one)));
    cases.put("void", this::runVoid);
    cases.put("oneway", this::runOneway);
    cases.put("deadline_passed", this::runDeadline);
    cases.put("in_flight_1000", this::runInFlight);
    cases.put("metadata_roundtrip", () -> exchange("metadata_roundtrip"));
    cases.put("undeclared_failure", this::runFailure);
    cases.put("no_such_method", () -> refused(() -> references.of(Newer.class, "", "", References.ANSWER_LIMIT_MILLIS).noSuchMethod("")));
    if (contract == Contract.OWN) {
      addOwn();
    }
    if (!target.witness().isEmpty()) {
      cases.put("write_once", () -> write(false));
      cases.put("write_once_slow", () -> write(true));
    }
  }

  /** What only the Java team's contract has. */
  private void addOwn() {
    cases.put("attachments_objects", () -> exchange("attachments_objects"));
    cases.put("wrong_version", () -> refused(() -> contract.call(references.of("", "9.9.9", References.ANSWER_LIMIT_MILLIS), "greet")));
    cases.put("wrong_group", () -> refused(() -> contract.call(references.of("green", "", References.ANSWER_LIMIT_MILLIS), "greet")));
    cases.put("echo", () -> Outcome.of(((EchoService) service()).$echo("are you there?"), "are you there?"));
    cases.put("generic_call", this::runGeneric);
    cases.put("generic_exception", this::runGenericException);
  }

  private Outcome write(boolean slow) {
    try (Writes writes = new Writes(target)) {
      return writes.write(slow);
    }
  }

  static Suite of(Target target) {
    return new Suite(target);
  }

  List<String> names() {
    return new ArrayList<>(cases.keySet());
  }

  Verdict run(String name) {
    try {
      Course one = cases.get(name);
      if (one == null) {
        throw new IllegalArgumentException("no case " + name + " in the contract " + target.contract());
      }
      Outcome outcome = one.run();
      return new Verdict(outcome.got.equals(outcome.want), outcome.got, outcome.want, "");
    } catch (Throwable error) {
      return new Verdict(false, "null", "null", Dubbo.describe(error));
    }
  }

  @Override
  public void close() {
    references.close();
  }

  private Object service() {
    return references.of("", "", References.ANSWER_LIMIT_MILLIS);
  }

  private Object call(String method, Object... values) throws Throwable {
    return contract.call(service(), method, values);
  }

  private static long newNonce() {
    return ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
  }

  /** A case that is one call with values from the table. */
  private Outcome call(Case one) throws Throwable {
    Object service = references.of(one.text("group"), one.text("version"), References.ANSWER_LIMIT_MILLIS);
    try {
      Object got = one.method().invoke(service, one.arguments());
      return Outcome.of(got, one.answers() ? one.answer() : "an exception");
    } catch (InvocationTargetException ended) {
      Throwable thrown = ended.getCause();
      if (one.answers() || thrown instanceof RpcException) {
        throw thrown;
      }
      if (one.error().containsKey("thrown")) {
        // The text of what only the provider has begins with its class and message, a stack follows.
        return Outcome.of(thrown.getClass().getName() + " " + thrown.getMessage().lines().findFirst().orElse(""),
            one.caught().getClass().getName() + " " + Dubbo.class.getPackageName() + "." + Dubbo.describe(one.thrown()));
      }
      return Outcome.of(thrown, one.caught());
    }
  }

  /** A failure that no method declares: its text, with the code where that is declared, or with the exception where both are Java's. */
  private Outcome runFailure() throws Throwable {
    try {
      return Outcome.of(call("fail", "undeclared_failure"), "an exception");
    } catch (Exception thrown) {
      if (contract == Contract.OWN) {
        return Outcome.of(thrown, table.get("undeclared_failure").caught());
      }
      String text = String.valueOf(thrown.getMessage()).contains(DELIBERATE) ? DELIBERATE : String.valueOf(thrown.getMessage());
      // Dubbo's own providers send the class as well.
      boolean undeclared = thrown instanceof RuntimeException && !(thrown instanceof RpcException);
      return contract == Contract.THRIFT ? Outcome.of(List.of(undeclared, text), List.of(true, DELIBERATE)) : Outcome.of(List.of(thrown.getClass().getSimpleName(), text, Values.field(thrown.getClass(), "code").get(thrown)), List.of("RpcStatus", DELIBERATE, UNKNOWN));
    }
  }

  private Outcome runVoid() throws Throwable {
    long nonce = newNonce();
    call("reset", nonce);
    return Outcome.of(seen(nonce).resets, 1);
  }

  private Outcome runOneway() throws Throwable {
    long nonce = newNonce();
    call("post", nonce, POST_NOTE);
    return Outcome.of(poll(nonce, now -> now.posts > 0).posts, 1);
  }

  /** The Java team's providers say nothing of callers that have gone. */
  private Sighting seen(long nonce) throws Throwable {
    List<?> counts = (List<?>) call("seen", nonce);
    return new Sighting((int) counts.get(0), (int) counts.get(1), (int) counts.get(2), counts.size() > 3 ? (int) counts.get(3) : 0);
  }

  /** Asks what the provider saw until enough says so or the limit is over. */
  private Sighting poll(long nonce, Predicate<Sighting> enough) throws Throwable {
    long end = System.nanoTime() + POLL_LIMIT_MILLIS * 1_000_000L;
    while (true) {
      Sighting seen = seen(nonce);
      if (enough.test(seen) || System.nanoTime() > end) {
        return seen;
      }
      Thread.sleep(POLL_PAUSE_MILLIS);
    }
  }

  /** The late answer comes on the connection that all references share, while stamps are answered. */
  private Outcome runDeadline() throws Throwable {
    call("greet");
    long nonce = newNonce();
    long start = System.nanoTime();
    try {
      contract.call(references.of("", "", target.deadlineMillis()), "linger", nonce, LINGER_WAIT_MILLIS);
    } catch (Exception ended) {
      if (!isDeadline(ended)) {
        throw ended;
      }
      if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) >= LINGER_WAIT_MILLIS) {
        throw new IllegalStateException("the deadline of " + target.deadlineMillis() + " ms was noticed too late");
      }
      int cancels = contract == Contract.PROTO && Dubbo.TELLS_DEADLINES ? 1 : 0; // gRPC's providers see their caller go
      Sighting seen = poll(nonce, now -> now.started > 0 && now.cancelled >= cancels);
      long next = newNonce();
      return Outcome.of(List.of(seen.started, Math.min(seen.cancelled, cancels), call("stamp", next)), List.of(1, cancels, ~next));
    }
    throw new IllegalStateException("a time-out was due, but the call was answered");
  }

  /** Triple's client calls it a time-out, or one of its two timers was first and it does not; or the provider was, by the time that it was told. */
  private static boolean isDeadline(Exception ended) throws ReflectiveOperationException {
    if (ended instanceof RuntimeException) {
      return ended instanceof RpcException failure && failure.isTimeout() || String.valueOf(ended.getMessage()).contains("DEADLINE_EXCEEDED");
    }
    return ended.getClass().getSimpleName().equals("RpcStatus") && Values.field(ended.getClass(), "code").get(ended).equals(DEADLINE_EXCEEDED);
  }

  /** Makes all its calls at once on one connection. */
  private Outcome runInFlight() throws Exception {
    long base = newNonce() & ~0xffffL;
    Object service = service();
    List<CompletableFuture<Object>> calls = new ArrayList<>();
    for (int i = 0; i < IN_FLIGHT_CALLS; i++) {
      long nonce = base + i;
      calls.add(RpcContext.getContext().asyncCall(() -> {
        stampLater(service, nonce);
        return null; // anything else is taken for the answer
      }));
    }
    int right = 0;
    for (int i = 0; i < IN_FLIGHT_CALLS; i++) {
      Object answer = calls.get(i).get(References.ANSWER_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      right += Contract.values(answer).equals(List.of(~(base + i))) ? 1 : 0;
    }
    return Outcome.of(right, IN_FLIGHT_CALLS);
  }

  /** What such a call gives at once is null, or a zero. */
  private void stampLater(Object service, long nonce) throws Exception {
    try {
      contract.call(service, "stamp", nonce);
    } catch (Exception | Error failed) {
      throw failed;
    } catch (Throwable failed) {
      throw new IllegalStateException(failed);
    }
  }

  private Outcome exchange(String name) throws Throwable {
    Map<String, Object> sent = Attachments.of(table.get(name), true);
    Map<String, Object> wanted = Attachments.of(table.get(name), false);
    long nonce = newNonce();
    Attachments.send(sent);
    try {
      Object answer = contract == Contract.THRIFT ? call(table.get(name).text("method"), new HashMap<>()) : call(table.get(name).text("method"), nonce);
      Map<String, Object> got = Attachments.answered();
      if (answer instanceof Map<?, ?> named) { // what of the answer's metadata had no other place
        named.forEach((key, value) -> got.put((String) key, value));
      }
      got.keySet().retainAll(wanted.keySet()); // dubbo-go gives the request's back as well
      return Outcome.of(List.of(answer instanceof Map ? ~nonce : answer, got), List.of(~nonce, wanted));
    } finally {
      Attachments.forget(sent);
    }
  }

  /**
   * What is not there is refused with a status, which the consumer sees as a failure of the network; with Triple in the status that
   * gRPC has for it, where Dubbo itself does not fall over its own feet.
   */
  private static Outcome refused(Callable call) throws Throwable {
    try {
      call.run();
    } catch (RpcException ended) {
      if (ended.isNetwork() || NOT_THERE.stream().anyMatch(ended.getMessage()::contains)) {
        return Outcome.of("refused", "refused");
      }
      throw ended;
    }
    throw new IllegalStateException("the call ended well");
  }

  /** Sends the tree of recursive_bush as maps, and reads the answer from maps. */
  private Outcome runGeneric() {
    Map<?, ?> got = (Map<?, ?>) references.generic().$invoke(
        "grow", new String[] {Node.class.getName()}, new Object[] {maps((Node) table.get("recursive_bush").arguments()[0])});
    return Outcome.of(List.of(got.get("class"), withoutClasses(got)), List.of(Node.class.getName(), maps((Node) table.get("recursive_bush").answer())));
  }

  private static Map<String, Object> maps(Node node) {
    List<Object> children = new ArrayList<>();
    node.getChildren().forEach(child -> children.add(maps(child)));
    return new HashMap<>(Map.of("name", node.getName(), "weight", node.getWeight(), "children", children));
  }

  private static Map<Object, Object> withoutClasses(Map<?, ?> node) {
    Map<Object, Object> plain = new HashMap<>(node);
    List<Object> children = new ArrayList<>();
    ((Collection<?>) node.get("children")).forEach(child -> children.add(withoutClasses((Map<?, ?>) child)));
    plain.put("children", children);
    plain.remove("class");
    plain.remove("next", null);
    return plain;
  }

  /** The class of this exception is another one in 2.7. */
  private Outcome runGenericException() throws ReflectiveOperationException {
    try {
      return Outcome.of(references.generic().$invoke("fail", new String[] {"java.lang.String"}, new Object[] {"declared_exception_a"}), "an exception");
    } catch (RuntimeException ended) {
      Throwable want = table.get("declared_exception_a").caught();
      return Outcome.of(List.of(ended.getClass().getSimpleName(), ended.getClass().getMethod("getExceptionClass").invoke(ended),
              ended.getClass().getMethod("getExceptionMessage").invoke(ended)),
          List.of("GenericException", want.getClass().getName(), want.getMessage()));
    }
  }
}
