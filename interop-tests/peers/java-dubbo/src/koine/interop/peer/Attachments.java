package koine.interop.peer;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.dubbo.common.extension.Activate;
import org.apache.dubbo.rpc.Filter;
import org.apache.dubbo.rpc.Invocation;
import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.Result;
import org.apache.dubbo.rpc.RpcContext;

/**
 * Attachments of requests and answers; those that do not begin with x-koine- belong to Dubbo. A filter of the consumer keeps the
 * last answer's: 2.7 does not put them into the context when it calls a provider without a registry.
 */
@Activate(group = "consumer")
public final class Attachments implements Filter {
  private static final String PREFIX = "x-koine-";

  private static final List<String> REQUEST = List.of("request_attachments", "request_metadata");
  private static final List<String> ANSWER = List.of("answer_attachments", "answer_headers", "answer_trailers");

  private static volatile Map<String, Object> answered = Map.of();

  /** Those of a case's request, or of its answer, which the other authors' contracts have as metadata or in the message. */
  static Map<String, Object> of(Case one, boolean request) {
    Map<String, Object> made = new TreeMap<>();
    for (String member : request ? REQUEST : ANSWER) {
      if (one.entry().get(member) instanceof Map<?, ?> entries) {
        // Bytes are an attachment without the ending.
        entries.forEach((name, value) -> made.put(((String) name).replaceFirst("-bin$", ""), Values.of(one.contract(), Object.class, value)));
      }
    }
    return made;
  }

  /** Adds to the next call of this thread. */
  static void send(Map<String, Object> entries) {
    entries.forEach((name, value) -> RpcContext.getContext().setObjectAttachment(name, value));
  }

  /** 2.7 sends what was set for one call with later ones too. */
  static void forget(Map<String, Object> entries) {
    entries.forEach((name, value) -> RpcContext.getContext().removeAttachment(name));
  }

  static Map<String, Object> received() {
    return marked(RpcContext.getContext().getObjectAttachments());
  }

  static void answer(Map<String, Object> entries) {
    entries.forEach((name, value) -> RpcContext.getServerContext().setObjectAttachment(name, value));
  }

  static Map<String, Object> answered() {
    return marked(answered);
  }

  @Override
  public Result invoke(Invoker<?> invoker, Invocation invocation) {
    return invoker.invoke(invocation).whenCompleteWithContext((result, failure) -> answered = result == null ? Map.of() : result.getObjectAttachments());
  }

  private static Map<String, Object> marked(Map<String, Object> all) {
    Map<String, Object> ours = new TreeMap<>(all);
    ours.keySet().removeIf(name -> !name.startsWith(PREFIX));
    return ours;
  }
}
