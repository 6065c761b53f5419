package org.postern.host.service;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of large requests that have been handed to workers and are not done: a client can leave
 * before that, and send the next one over another connection. Small ones are not counted, their
 * number is limited. Any thread may call.
 */
public final class LargeRequests {
  private static final int SMALL = 4096;

  private final long limit;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param limit how many bytes there may be
   */
  public LargeRequests(long limit) {
    this.limit = limit;
  }

  /** Counts a request, unless that would be too many bytes. */
  boolean add(int size) {
    if (size < SMALL || bytes.addAndGet(size) <= limit) {
      return true;
    }
    bytes.addAndGet(-size);
    return false;
  }

  /** A request that was counted is done. */
  void done(int size) {
    if (size >= SMALL) {
      bytes.addAndGet(-size);
    }
  }
}
