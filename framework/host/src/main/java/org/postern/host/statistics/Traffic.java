package org.postern.host.statistics;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The bytes that one event loop has read and written. Whoever leads the loop is alone in calling
 * {@link #received} and {@link #sent}, which costs next to nothing; any thread may call the others.
 */
public final class Traffic {
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final LongAdder sentByWorkers = new LongAdder();

  public void received(int bytes) {
    received.lazySet(received.getPlain() + bytes);
  }

  public void sent(int bytes) {
    sent.lazySet(sent.getPlain() + bytes);
  }

  /** Counts what a worker has written past the loop. */
  public void sentByWorker(int bytes) {
    sentByWorkers.add(bytes);
  }

  public long receivedBytes() {
    return received.get();
  }

  public long sentBytes() {
    return sent.get() + sentByWorkers.sum();
  }
}
