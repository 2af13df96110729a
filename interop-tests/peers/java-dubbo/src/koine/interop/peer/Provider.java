package koine.interop.peer;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;

/** Checks what it received against the case and answers the case's other value. */
final class Provider implements InvocationHandler {
  /** Lingering calls each hold one; what comes beyond them waits. */
  private static final int WORKERS = 64;
  private static final int WAITING_MAX = 4096;
  private static final int MISMATCH_SHOWN_MAX = 2000;
  private static final Suite.Sighting NOTHING = new Suite.Sighting(0, 0, 0, 0);

  private final Contract contract;
  private final Map<String, Case> cases;
  private final Map<Long, Suite.Sighting> seen;
  private final String group;

  private Provider(Contract contract, String group, Map<Long, Suite.Sighting> seen) {
    this.contract = contract;
    this.cases = contract.cases();
    this.group = group;
    this.seen = seen;
  }

  /** Below the ports that the system gives to everybody else, and free: Dubbo takes no port 0, and seconds to listen. */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket free = new ServerSocket(port)) {
        return free.getLocalPort();
      } catch (IOException taken) {
        // the next one
      }
    }
  }

  /** Dubbo listens on every address. */
  static void serve(int wanted, Contract contract) throws InterruptedException {
    int port = wanted == 0 ? freePort() : wanted;
    ProtocolConfig protocol = new ProtocolConfig(Dubbo.PROTOCOL, port);
    protocol.setThreads(WORKERS);
    protocol.setQueues(WAITING_MAX);
    if (!Dubbo.SERIALIZATION.isEmpty()) {
      protocol.setSerialization(Dubbo.SERIALIZATION);
      protocol.setParameters(new HashMap<>(Map.of("prefer.serialization", Dubbo.SERIALIZATION)));
    }
    DubboBootstrap dubbo = Dubbo.bootstrap("provider").protocol(protocol);
    Map<Long, Suite.Sighting> seen = new ConcurrentHashMap<>();
    Set<List<String>> exported = new LinkedHashSet<>(List.of(List.of("", "")));
    contract.cases().values().stream().filter(Case::isOneCall).forEach(one -> exported.add(List.of(one.text("group"), one.text("version"))));
    for (List<String> names : exported) {
      dubbo.service(service(contract.service(), new Provider(contract, names.get(0), seen), names.get(1)));
    }
    dubbo.start();
    System.out.println("READY " + port);
    Thread.currentThread().join();
  }

  private static <T> ServiceConfig<T> service(Class<T> type, Provider provider, String version) {
    ServiceConfig<T> service = new ServiceConfig<>();
    service.setInterface(type);
    service.setRef(type.cast(Proxy.newProxyInstance(Provider.class.getClassLoader(), new Class<?>[] {type}, provider)));
    String group = provider.group;
    if (!group.isEmpty()) {
      service.setGroup(group);
      service.setVersion(version);
      service.setId(group); // 2.7 knows services by it
    }
    return service;
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] received) throws Throwable {
    Object[] arguments = received == null ? new Object[0] : received;
    switch (method.getName()) {
      case "toString": return "the provider of group " + group;
      case "hashCode": return System.identityHashCode(proxy);
      case "equals": return proxy == arguments[0];
      case "exchangeHeaders", "exchangeMetadata", "exchangeAttachments": return exchange(method, arguments);
      default: break;
    }
    List<Object> values = Contract.values(arguments);
    Object first = values.isEmpty() ? null : values.get(0);
    switch (method.getName()) {
      case "reset": return note(first, 0, 1, 0);
      case "post": return Suite.POST_NOTE.equals(values.get(1)) ? note(first, 1, 0, 0) : null;
      case "seen":
        Suite.Sighting sighting = seen.getOrDefault(first, NOTHING);
        return Contract.message(method.getReturnType(), sighting.posts(), sighting.resets(), sighting.started());
      case "stamp": return Contract.message(method.getReturnType(), ~(Long) first);
      case "linger":
        note(first, 0, 0, 1);
        Thread.sleep((Integer) values.get(1));
        return Contract.message(method.getReturnType(), ~(Long) first);
      default: return answer(caseOf(method, arguments), arguments);
    }
  }

  /** What is called so answers nothing. */
  private Object note(Object nonce, int posts, int resets, int started) {
    seen.merge((Long) nonce, new Suite.Sighting(posts, resets, started, 0), (one, more) -> new Suite.Sighting(
        one.posts() + more.posts(), one.resets() + more.resets(), one.started() + more.started(), 0));
    return null;
  }

  /** The case that the value names; where nothing does, the one of this method whose request it is, or else any of them. */
  private Case caseOf(Method method, Object[] arguments) {
    String name = arguments.length == 0 ? "" : Case.nameIn(arguments[0]);
    Case any = cases.get(name);
    if (any != null && any.isOneCall() && any.method().equals(method)) {
      return any;
    }
    any = null;
    for (Case one : cases.values()) {
      if (one.isOneCall() && one.method().equals(method) && one.text("group").equals(group)) {
        any = one;
        if (Render.json(one.arguments()).equals(Render.json(arguments))) {
          return one;
        }
      }
    }
    if (any == null) {
      throw new IllegalStateException(name + ": got an unknown case of " + method.getName());
    }
    return any;
  }

  private Object answer(Case one, Object[] arguments) throws Throwable {
    expect(one.name(), Render.json(arguments), Render.json(one.arguments()));
    if (!one.answers()) {
      throw one.thrown();
    }
    return one.answer();
  }

  private static void expect(String name, String got, String want) {
    if (!got.equals(want)) {
      String text = name + ": got " + got + " want " + want;
      throw new IllegalStateException(text.substring(0, Math.min(text.length(), MISMATCH_SHOWN_MAX)));
    }
  }

  /**
   * Finds the case by the attachments that its consumer set, and answers with the case's own. The Thrift author's method has a place for
   * them in the message as well: where they came in it, they go back in it.
   */
  private Object exchange(Method method, Object[] arguments) {
    Map<String, Object> got = Attachments.received();
    boolean named = arguments[0] instanceof Map<?, ?> entries && !entries.isEmpty();
    if (named) {
      ((Map<?, ?>) arguments[0]).forEach((key, value) -> got.put((String) key, value));
    }
    String name = contract != Contract.OWN || got.containsKey(Suite.GREETING) ? "metadata_roundtrip" : "attachments_objects";
    expect(name, Render.json(got), Render.json(Attachments.of(cases.get(name), true)));
    Map<String, Object> answer = Attachments.of(cases.get(name), false);
    if (named) {
      return answer;
    }
    Attachments.answer(answer);
    return contract == Contract.THRIFT ? new HashMap<>() : Contract.message(method.getReturnType(), ~(Long) Contract.values(arguments).get(0));
  }
}
