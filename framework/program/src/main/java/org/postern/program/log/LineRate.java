package org.postern.program.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.postern.platform.log.LogMarkers;

/**
 * How many lines may be logged in a minute: by each logger, so that a flood of one kind leaves the
 * others their lines, and by all together. What is more is counted. What an operator has asked for
 * ({@code -v}) and what ends the process is not limited. Any thread may call.
 */
final class LineRate {
  /** All together may log so many times as much as one. */
  private static final int ALL = 4;

  /** A stack trace counts as so many lines. */
  private static final int LINES_OF_TRACE = 20;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final LongSupplier clock;
  private final int limit;
  private final Allowance all;
  private final Map<String, Allowance> loggers = new HashMap<>();

  /** Lines that may be logged now: refilled steadily, up to those of a minute. */
  private static final class Allowance {
    private final double most;
    private double left;
    private long filled;
    private long refused;

    Allowance(double most, long now) {
      this.most = most;
      this.left = most;
      this.filled = now;
    }

    boolean has(int lines, long now) {
      left = Math.min(most, left + most * (now - filled) / MINUTE.toNanos());
      filled = now;
      return left >= lines;
    }
  }

  /**
   * @param clock nanoseconds, from any beginning
   * @param limit lines that one logger may write in a minute
   */
  LineRate(LongSupplier clock, int limit) {
    this.clock = clock;
    this.limit = limit;
    this.all = new Allowance((double) ALL * limit, clock.getAsLong());
  }

  int limit() {
    return limit;
  }

  /** Whether a line is within the limits; counted if so, and if not. */
  synchronized boolean allows(ILoggingEvent event) {
    if (!event.getLevel().isGreaterOrEqual(Level.INFO)
        || (event.getMarkerList() != null && event.getMarkerList().contains(LogMarkers.FATAL))) {
      return true;
    }
    long now = clock.getAsLong();
    Allowance own = loggers.computeIfAbsent(event.getLoggerName(), _ -> new Allowance(limit, now));
    int lines = event.getThrowableProxy() == null ? 1 : Math.min(LINES_OF_TRACE, limit);
    if (!own.has(lines, now) || !all.has(lines, now)) {
      own.refused++;
      return false;
    }
    own.left -= lines;
    all.left -= lines;
    return true;
  }

  /** How many events of which logger were not let through since this was asked before. */
  synchronized Map<String, Long> refused() {
    Map<String, Long> refused = new LinkedHashMap<>();
    loggers.forEach((logger, allowance) -> {
      if (allowance.refused > 0) {
        refused.put(logger, allowance.refused);
        allowance.refused = 0;
      }
    });
    return refused;
  }
}
