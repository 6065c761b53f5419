package org.postern.driver.ldap;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what must come soon. */
final class Patience {
  private static final long SECONDS = 20;

  private Patience() {}

  /**
   * Waits until a condition holds.
   *
   * @return how long that took, in milliseconds
   */
  static long until(Callable<Boolean> condition) throws Exception {
    long began = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - began > SECONDS * 1_000_000_000) {
        throw new AssertionError("not within " + SECONDS + " seconds");
      }
      LockSupport.parkNanos(1_000_000);
    }
    return (System.nanoTime() - began) / 1_000_000;
  }
}
