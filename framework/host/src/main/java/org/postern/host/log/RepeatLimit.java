package org.postern.host.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets a warning through once a minute, however often it comes, and says then how often it came
 * meanwhile: one client that asks for a table which is not approved must not fill a disk.
 */
final class RepeatLimit extends Filter<ILoggingEvent> {
  static final Duration PAUSE = Duration.ofMinutes(1);

  /** Of warnings with so many different words, the words of the oldest are forgotten. */
  private static final int REMEMBERED = 1000;

  private final LongSupplier clock;
  private final Consumer<String> log;
  private final Map<String, Said> warnings = new LinkedHashMap<>();

  /** How many were not let through whose words are forgotten. */
  private int unsaidOfForgotten;

  /** When a warning was let through, and how often it was not since. */
  private static final class Said {
    private final long at;
    private int unsaid;

    Said(long at) {
      this.at = at;
    }
  }

  /**
   * @param clock nanoseconds, from any beginning
   * @param log is given lines about warnings that were not let through; never inside {@link
   *     #decide}
   */
  RepeatLimit(LongSupplier clock, Consumer<String> log) {
    this.clock = clock;
    this.log = log;
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (event.getLevel() != Level.WARN || event.getThrowableProxy() != null) {
      return FilterReply.NEUTRAL;
    }
    synchronized (warnings) {
      Said said = warnings.get(event.getFormattedMessage());
      if (said != null) {
        said.unsaid++;
        return FilterReply.DENY;
      }
      if (warnings.size() == REMEMBERED) {
        forgetEldest();
      }
      warnings.put(event.getFormattedMessage(), new Said(clock.getAsLong()));
      return FilterReply.NEUTRAL;
    }
  }

  private void forgetEldest() {
    Iterator<Said> eldest = warnings.values().iterator();
    unsaidOfForgotten += eldest.next().unsaid;
    eldest.remove();
  }

  /** Says how often came what was let through a minute ago. To be called now and then. */
  void sweep() {
    sweep(PAUSE);
  }

  /** Says how often came what was let through. */
  void sweepAll() {
    sweep(Duration.ZERO);
  }

  private void sweep(Duration age) {
    Map<String, Integer> repeated = new LinkedHashMap<>();
    long now = clock.getAsLong();
    int others;
    synchronized (warnings) {
      others = unsaidOfForgotten;
      unsaidOfForgotten = 0;
      warnings
          .entrySet()
          .removeIf(entry -> {
            Said said = entry.getValue();
            if (now - said.at < age.toNanos()) {
              return false;
            }
            if (said.unsaid > 0) {
              repeated.put(entry.getKey(), said.unsaid);
            }
            return true;
          });
    }
    repeated.forEach((warning, count) ->
        log.accept("%s (%d more such since the last line)".formatted(warning, count)));
    if (others > 0) {
      log.accept("%d more warnings that came before".formatted(others));
    }
  }
}
