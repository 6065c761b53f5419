package org.postern.host.service;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postern.platform.log.ThreadPlace;

/** One piece of work on its thread. Any thread may ask what has become of it. */
final class Stint {
  private final Work work;
  private @Nullable Thread thread;
  private long begun;
  private boolean interrupted;
  private boolean over;

  Stint(Work work) {
    this.work = work;
  }

  Work work() {
    return work;
  }

  /** The calling thread begins to call. */
  synchronized void begin() {
    thread = Thread.currentThread();
    begun = System.nanoTime();
  }

  /** The call has ended: from now on the thread is not interrupted, and it is not by now. */
  void callEnded() {
    synchronized (this) {
      over = true;
    }
    Thread.interrupted();
  }

  /** Whether the call has been under way for longer than it may be. */
  synchronized boolean isLate(Duration limit) {
    return thread != null && !over && System.nanoTime() - begun >= limit.toNanos();
  }

  /** Interrupts the call, if it may be; false when that has been tried, or cannot be. */
  synchronized boolean interrupt() {
    if (over || interrupted || !work.interruptible()) {
      return false;
    }
    interrupted = true;
    if (thread != null) {
      thread.interrupt();
    }
    return true;
  }

  /** Whether another thread may go on in its place. */
  boolean isReplaceable() {
    return work.replaceable();
  }

  /** What the call is at. */
  synchronized String place() {
    return thread == null ? "nowhere" : ThreadPlace.of(thread);
  }
}
