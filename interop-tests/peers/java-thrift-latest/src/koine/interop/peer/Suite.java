package koine.interop.peer;

import java.util.List;
import org.apache.thrift.TException;

/** One target's connection and the one case that this library's newer.thrift has. */
final class Suite implements AutoCloseable {
  private static final String CASE = "uuid";

  record Verdict(boolean ok, String got, String want, String error) {}

  private final Target target;

  private Suite(Target target) {
    this.target = target;
  }

  static Suite of(Target target) {
    if (!target.contract().equals("own")) {
      throw new IllegalArgumentException("unknown contract " + target.contract() + " (own)");
    }
    return new Suite(target);
  }

  List<String> names() {
    return List.of(CASE);
  }

  Verdict run(String name) {
    if (!name.equals(CASE)) {
      return new Verdict(false, "null", "null", "no case " + name + " in newer.thrift");
    }
    try (Connection connection = Connection.open(target, Connection.ANSWER_LIMIT_MILLIS)) {
      String got = Newer.call(connection.protocol, Badge.REQUEST).json();
      String want = Badge.ANSWER.json();
      return new Verdict(got.equals(want), got, want, "");
    } catch (TException | RuntimeException error) {
      return new Verdict(false, "null", "null", Connection.describe(error));
    }
  }

  @Override
  public void close() {
    // Every run closes its own.
  }
}
