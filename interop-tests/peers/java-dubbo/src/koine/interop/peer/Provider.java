package koine.interop.peer;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import koine.interop.shop.InteropService;
import koine.interop.shop.Seen;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;

/** Checks what it received against the case and answers the case's other value. */
final class Provider implements InvocationHandler {
  /** Lingering calls each hold one; what comes beyond them waits. */
  private static final int WORKERS = 64;
  private static final int WAITING_MAX = 4096;
  private static final int MISMATCH_SHOWN_MAX = 2000;

  private final Map<String, Case> cases = Case.table();
  private final Map<Long, Seen> seen;
  private final String group;

  private Provider(String group, Map<Long, Seen> seen) {
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
  static void serve(int wanted) throws InterruptedException {
    int port = wanted == 0 ? freePort() : wanted;
    ProtocolConfig protocol = new ProtocolConfig(Dubbo.PROTOCOL, port);
    protocol.setThreads(WORKERS);
    protocol.setQueues(WAITING_MAX);
    DubboBootstrap dubbo = Dubbo.bootstrap("provider").protocol(protocol);
    Map<Long, Seen> seen = new ConcurrentHashMap<>();
    Set<List<String>> exported = new LinkedHashSet<>(List.of(List.of("", "")));
    Case.table().values().stream().filter(Case::isOneCall).forEach(one -> exported.add(List.of(one.text("group"), one.text("version"))));
    for (List<String> names : exported) {
      dubbo.service(service(names.get(0), names.get(1), seen));
    }
    dubbo.start();
    System.out.println("READY " + port);
    Thread.currentThread().join();
  }

  private static ServiceConfig<InteropService> service(String group, String version, Map<Long, Seen> seen) {
    ServiceConfig<InteropService> service = new ServiceConfig<>();
    service.setInterface(InteropService.class);
    service.setRef((InteropService) Proxy.newProxyInstance(
        Provider.class.getClassLoader(), new Class<?>[] {InteropService.class}, new Provider(group, seen)));
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
      case "reset": return note(arguments[0], entry -> entry.setResets(entry.getResets() + 1));
      case "post":
        return Suite.POST_NOTE.equals(arguments[1]) ? note(arguments[0], entry -> entry.setPosts(entry.getPosts() + 1)) : null;
      case "seen": return seen.getOrDefault(arguments[0], new Seen());
      case "stamp": return ~(Long) arguments[0];
      case "linger":
        note(arguments[0], entry -> entry.setLingersStarted(entry.getLingersStarted() + 1));
        Thread.sleep((Integer) arguments[1]);
        return ~(Long) arguments[0];
      case "exchangeAttachments": return exchange((Long) arguments[0]);
      default: return answer(caseOf(method, arguments), arguments);
    }
  }

  private Object note(Object nonce, Consumer<Seen> change) {
    seen.compute((Long) nonce, (key, entry) -> {
      Seen next = new Seen();
      if (entry != null) {
        next.setPosts(entry.getPosts());
        next.setResets(entry.getResets());
        next.setLingersStarted(entry.getLingersStarted());
      }
      change.accept(next);
      return next;
    });
    return null;
  }

  /** The case that the value names; where nothing does, the one of this method whose request it is, or else any of them. */
  private Case caseOf(Method method, Object[] arguments) {
    String name = arguments.length == 0 ? "" : arguments[0] instanceof String text ? text : Case.nameIn(arguments[0]);
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

  /** Finds the case by the attachments that its consumer set, and answers with the case's own. */
  private static long exchange(long nonce) {
    Map<String, Object> got = Attachments.received();
    String name = got.containsKey(Suite.GREETING) ? "metadata_roundtrip" : "attachments_objects";
    expect(name, Render.json(got), Render.json(Suite.attachments(name, "request_attachments")));
    Attachments.answer(Suite.attachments(name, "answer_attachments"));
    return ~nonce;
  }
}
