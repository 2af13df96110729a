package koine.interop.peer;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Channels, the metadata of the one case that has any, and the names of errors. */
final class Channels {
  /** Bounds every call of a case that is not about time: nothing may hang. */
  static final int ANSWER_LIMIT_MILLIS = 60_000;
  /** A provider's text of what it got is up to 2,000 characters, each of up to nine bytes when it travels. */
  private static final int METADATA_BYTES_MAX = 64 << 10;
  private static final String MARK = "x-koine-";

  private Channels() {}

  /** A channel of its own, with its own connection. */
  static ManagedChannel open(Target target) {
    return NettyChannelBuilder.forAddress(target.host(), target.port()).usePlaintext().maxInboundMetadataSize(METADATA_BYTES_MAX).build();
  }

  static void close(ManagedChannel channel) {
    channel.shutdownNow();
    try {
      channel.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Names an error the way the runner matches it. */
  static String describe(Throwable error) {
    if (error instanceof StatusRuntimeException failure) {
      return failure.getStatus().getCode() + ": " + failure.getStatus().getDescription();
    }
    return error.getClass().getSimpleName() + ": " + error.getMessage();
  }

  /** Metadata of keys with values, which are bytes exactly where the key ends in -bin. */
  static Metadata metadata(Map<String, Object> entries) {
    Metadata metadata = new Metadata();
    entries.forEach((key, value) -> {
      if (key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        metadata.put(Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER), (byte[]) value);
      } else {
        metadata.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), (String) value);
      }
    });
    return metadata;
  }

  /** The entries that the contract marks as its own, all values of each; others belong to libraries and gateways. */
  static Map<String, List<Object>> marked(Metadata metadata) {
    Map<String, List<Object>> entries = new TreeMap<>();
    if (metadata == null) {
      return entries;
    }
    for (String key : metadata.keys()) {
      if (!key.startsWith(MARK)) {
        continue;
      }
      List<Object> values = entries.computeIfAbsent(key, none -> new ArrayList<>());
      Iterable<?> present = key.endsWith(Metadata.BINARY_HEADER_SUFFIX)
          ? metadata.getAll(Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER))
          : metadata.getAll(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
      present.forEach(values::add);
    }
    return entries;
  }
}
