package org.postern.driver.sql;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * As many as there may be connections to a server: a connection has one from before it is made
 * until it is closed. Any thread may call.
 */
final class Slots {
  /** The server needs a moment to see that a connection is closed, and counts it until then. */
  private static final Duration SEEN_BY_SERVER = Duration.ofMillis(250);

  private final DelayQueue<Slot> free = new DelayQueue<>();

  /** The right to one connection. */
  final class Slot implements Delayed {
    private volatile long freeAt = System.nanoTime();

    private Slot() {}

    /** Gives it back: its connection has been closed, or could not be made. */
    void giveBack() {
      freeAt = System.nanoTime() + SEEN_BY_SERVER.toNanos();
      free.add(this);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(freeAt - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  Slots(int count) {
    for (int i = 0; i < count; i++) {
      free.add(new Slot());
    }
  }

  /**
   * Waits for a free one.
   *
   * @throws SQLException when there is none in that time
   */
  Slot take(Duration atMost) throws SQLException {
    try {
      Slot slot = free.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
      if (slot == null) {
        throw new SQLTransientException("all connections are in use");
      }
      return slot;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientException("interrupted", e);
    }
  }
}
