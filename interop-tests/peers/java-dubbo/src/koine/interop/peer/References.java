package koine.interop.peer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import koine.interop.shop.InteropService;
import org.apache.dubbo.config.MethodConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.rpc.service.GenericService;

/** The consumer's references to one target. Dubbo shares one connection between them. */
final class References implements AutoCloseable {
  /** Bounds every call of a case that is not about time: nothing may hang. */
  static final int ANSWER_LIMIT_MILLIS = 60_000;

  /** The launcher maps it to 127.0.0.1, because Dubbo never dials that by number. */
  private static final String LOOPBACK = "gateway.test";

  private final Contract contract;
  private final String url;
  private final Map<String, ReferenceConfig<?>> opened = new HashMap<>();

  References(Target target) {
    contract = Contract.of(target.contract());
    url = Dubbo.PROTOCOL + "://" + target.host().replace("127.0.0.1", LOOPBACK) + ":" + target.port();
  }

  /** The contract's service. */
  Object of(String group, String version, int limitMillis) {
    return of(contract.service(), group, version, limitMillis);
  }

  <T> T of(Class<T> type, String group, String version, int limitMillis) {
    return type.cast(opened.computeIfAbsent(type + group + ":" + version + ":" + limitMillis, key -> {
      ReferenceConfig<T> reference = new ReferenceConfig<>();
      reference.setInterface(type);
      reference.setUrl(url);
      if (type == contract.service()) {
        MethodConfig post = new MethodConfig();
        post.setName("post");
        post.setReturn(false);
        reference.setMethods(new ArrayList<>(List.of(post)));
      } else { // an interface of the consumer's own is called by the provider's name
        reference.setUrl(url + "/" + contract.interfaceName);
      }
      return configured(reference, group, version, limitMillis);
    }).get());
  }

  /** Says nothing of retries: the library's default is two. */
  InteropService repeating(int limitMillis) {
    return (InteropService) opened.computeIfAbsent("repeating:" + limitMillis, key -> {
      ReferenceConfig<InteropService> reference = new ReferenceConfig<>();
      reference.setInterface(InteropService.class);
      reference.setUrl(url);
      reference.setTimeout(limitMillis);
      return spoken(reference);
    }).get();
  }

  GenericService generic() {
    return (GenericService) opened.computeIfAbsent("generic", key -> {
      ReferenceConfig<GenericService> reference = new ReferenceConfig<>();
      reference.setInterface(contract.interfaceName);
      reference.setGeneric("true");
      reference.setUrl(url);
      return configured(reference, "", "", ANSWER_LIMIT_MILLIS);
    }).get();
  }

  private static <T> ReferenceConfig<T> configured(ReferenceConfig<T> reference, String group, String version, int limitMillis) {
    if (!group.isEmpty()) {
      reference.setGroup(group);
    }
    if (!version.isEmpty()) {
      reference.setVersion(version);
    }
    reference.setTimeout(limitMillis);
    reference.setRetries(0);
    return spoken(reference);
  }

  private static <T> ReferenceConfig<T> spoken(ReferenceConfig<T> reference) {
    if (!Dubbo.SERIALIZATION.isEmpty()) {
      reference.setUrl(reference.getUrl() + "?serialization=" + Dubbo.SERIALIZATION + "&prefer.serialization=" + Dubbo.SERIALIZATION);
    }
    reference.setCheck(false);
    return reference;
  }

  @Override
  public void close() {
    opened.values().forEach(ReferenceConfig::destroy);
    opened.clear();
  }
}
