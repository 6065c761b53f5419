package org.postern.host.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the heap collected when it has grown. Java's serial collector has the old generation grow up
 * to the largest heap before it looks what in there is garbage: large requests that wait for a
 * moment would bring the process to half a gigabyte, and it would stay there. Used by one thread.
 */
final class HeapWatch {
  private static final Logger LOG = LoggerFactory.getLogger(HeapWatch.class);

  /** When there is more than after the last collection by this, bytes, and by a half. */
  private static final long GROWTH = 32L << 20;

  private long least = used();

  void look() {
    long now = used();
    if (now < least) {
      least = now;
    } else if (now - least > Math.max(GROWTH, least / 2)) {
      long begun = System.nanoTime();
      System.gc();
      least = used();
      LOG.debug(
          "{} MB of the heap were in use, and {} MB are after a collection of {} ms",
          now >> 20,
          least >> 20,
          (System.nanoTime() - begun) / 1_000_000);
    }
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
