package org.postern.host.statistics;

import java.util.concurrent.atomic.LongAdder;

/** What one service has been asked beside what its tables have. Any thread may call. */
public final class ServiceStatistics {
  private final Denials denials = new Denials();
  private final LongAdder malformed = new LongAdder();

  public Denials denials() {
    return denials;
  }

  /** Counts a message that was no request, or named no table. */
  public void malformed() {
    malformed.increment();
  }

  /** How many of those there were. */
  public long malformedCount() {
    return malformed.sum();
  }
}
