package org.postern.driver.ldap;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.postern.tablekit.GrantedConnections;

/**
 * How many lookups may have a connection to one server at a time: {@code postern_pool_size}, or
 * fewer for a while when the server does not grant so many. Then lookups wait for those that there
 * are, while {@link GrantedConnections} counts what a pool has open, and has nobody wait. Any
 * thread may call.
 */
final class Places {
  /** After that long without a refusal, more are tried again. */
  private static final Duration WHILE = Duration.ofMinutes(1);

  private final String server;
  private final int size;
  private final System.Logger logger;
  private final Semaphore free;
  private int withheld;
  private int told;
  private volatile long refusedAt;
  private volatile boolean isLowered;

  /**
   * @param server as an operator knows it, for the log
   * @param size {@code postern_pool_size}
   */
  Places(String server, int size, System.Logger logger) {
    this.server = server;
    this.size = size;
    this.logger = logger;
    this.free = new Semaphore(size);
    this.told = size;
  }

  /** Waits for one; false when none is free in time. */
  boolean take(long nanos) throws InterruptedException {
    if (isLowered && System.nanoTime() - refusedAt > WHILE.toNanos()) {
      raise();
    }
    return free.tryAcquire(Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }

  void giveBack() {
    free.release();
  }

  /**
   * For who has a place and was refused a connection for it: gives the place up for a while, if
   * there are other connections to wait for.
   *
   * @param why in the server's words
   * @return false when there are none: this place is still taken, and the server is of no use
   */
  synchronized boolean giveUp(String why) {
    int others = size - withheld - free.availablePermits() - 1;
    if (others <= 0) {
      raise();
      return false;
    }
    withheld++;
    isLowered = true;
    refusedAt = System.nanoTime();
    int granted = size - withheld;
    if (granted < told) {
      told = granted;
      GrantedConnections.warn(logger, server, granted, size, why);
    }
    return true;
  }

  /** All may be tried again. */
  private synchronized void raise() {
    free.release(withheld);
    withheld = 0;
    isLowered = false;
  }

  /** How many there may be now. */
  synchronized int number() {
    return size - withheld;
  }

  Semaphore free() {
    return free;
  }
}
