package org.postern.tablekit;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Breaks off conversations with servers that go on after their time. The time limit of a socket
 * counts from one byte to the next: a server that sends one now and then would keep its reader for
 * ever. Any thread may call.
 */
public final class OverdueCalls {
  /** Looks are so many times more frequent than the shortest time that a call may take. */
  private static final int LOOKS = 10;

  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private final AtomicLong shortest = new AtomicLong(Long.MAX_VALUE);
  private final AtomicBoolean isWatched = new AtomicBoolean();

  /** One conversation, from its first question to its last answer. */
  public final class Call implements AutoCloseable {
    private final long deadline;
    private final Runnable breakOff;
    private volatile boolean isBrokenOff;

    private Call(long deadline, Runnable breakOff) {
      this.deadline = deadline;
      this.breakOff = breakOff;
    }

    /** Whether it took too long: what has come of it, or will, is no answer. */
    public boolean isBrokenOff() {
      return isBrokenOff;
    }

    /** It has ended. */
    @Override
    public void close() {
      calls.remove(this);
    }
  }

  /**
   * A call that begins now.
   *
   * @param time how long it may take; a tenth more is tolerated, so that nobody looks each time
   * @param breakOff closes the connection, so that whoever reads from it sees its end; called once,
   *     by another thread, and not to wait for anything
   */
  public Call begin(Duration time, Runnable breakOff) {
    long nanos = time.toNanos();
    if (nanos < shortest.get()) {
      shortest.accumulateAndGet(nanos, Math::min);
    }
    Call call = new Call(System.nanoTime() + nanos, breakOff);
    calls.add(call);
    if (!isWatched.get() && isWatched.compareAndSet(false, true)) {
      Thread.ofVirtual().name("overdue-calls").start(this::watch);
    }
    return call;
  }

  private void watch() {
    do {
      while (!calls.isEmpty()) {
        try {
          Thread.sleep(Duration.ofNanos(shortest.get() / LOOKS));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return; // nobody interrupts it
        }
        long now = System.nanoTime();
        for (Call call : List.copyOf(calls)) {
          if (now - call.deadline > 0 && calls.remove(call)) {
            call.isBrokenOff = true;
            Thread.ofVirtual().start(call.breakOff);
          }
        }
      }
      isWatched.set(false);
    } while (!calls.isEmpty() && isWatched.compareAndSet(false, true));
  }
}
