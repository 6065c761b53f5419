package org.postern.host.table;

import java.time.Duration;

/** When to try again what failed: after one second, doubling to a minute. Used by one thread. */
final class Backoff {
  private static final long FIRST = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST = Duration.ofSeconds(60).toNanos();

  private long delay;
  private long due;

  void failed(long now) {
    delay = delay == 0 ? FIRST : Math.min(2 * delay, LONGEST);
    due = now + delay;
  }

  void succeeded() {
    delay = 0;
  }

  /** Whether something failed and its time has come. */
  boolean due(long now) {
    return delay != 0 && now - due >= 0;
  }
}
