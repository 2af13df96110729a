package koine.interop.peer;

import java.util.concurrent.ThreadLocalRandom;
import koine.interop.shop.InteropService;

/** A write whose answer does not come back, by a consumer that repeats as its library does by default (interop-tests/once). */
final class Writes implements AutoCloseable {
  /** Longer than a caller of the slow case waits. */
  private static final int SLOW_MILLIS = 4000;

  private final References spoilt;
  private final References witness;
  private final int deadlineMillis;

  Writes(Target target) {
    spoilt = new References(target);
    witness = new References(target.direct());
    deadlineMillis = target.deadlineMillis();
  }

  /** Writes once; how often did it run, and what was the caller told? */
  Suite.Outcome write(boolean slow) {
    long nonce = ThreadLocalRandom.current().nextLong(1L << 40, Long.MAX_VALUE);
    InteropService service = spoilt.repeating(slow ? deadlineMillis : References.ANSWER_LIMIT_MILLIS);
    String ended = "answered";
    try {
      service.linger(nonce, slow ? SLOW_MILLIS : 0);
    } catch (RuntimeException thrown) {
      ended = Dubbo.describe(thrown);
    }
    int runs = witness.of(InteropService.class, "", "", References.ANSWER_LIMIT_MILLIS).seen(nonce).getLingersStarted();
    String got = "{\"ended\":" + Render.quote(ended) + ",\"runs\":" + runs + "}"; // the text whole
    return new Suite.Outcome(got, got);
  }

  @Override
  public void close() {
    spoilt.close();
    witness.close();
  }
}
