package org.postern.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what must come soon. */
public final class Patience {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long PAUSE = 1_000_000;

  private Patience() {}

  /**
   * Waits until a condition holds, for at most 20 seconds.
   *
   * @return how long that took, in milliseconds
   */
  public static long until(Callable<Boolean> condition) throws Exception {
    return until(SOON, condition);
  }

  /**
   * Waits until a condition holds.
   *
   * @return how long that took, in milliseconds
   */
  public static long until(Duration atMost, Callable<Boolean> condition) throws Exception {
    long began = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - began > atMost.toNanos()) {
        throw new AssertionError("not within " + atMost.toSeconds() + " seconds");
      }
      LockSupport.parkNanos(PAUSE);
    }
    return (System.nanoTime() - began) / 1_000_000;
  }
}
