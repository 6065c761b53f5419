package org.postern.program.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.postern.platform.log.LogMarkers;

/**
 * Lets a warning through once a minute, however often it comes, and says then how often it came
 * meanwhile: one client that asks for a table which is not approved must not fill a disk. How many
 * different lines there may be, {@link LineRate} decides.
 */
final class RepeatLimit extends Filter<ILoggingEvent> {
  static final Duration PAUSE = Duration.ofMinutes(1);

  /** Of warnings with so many different words, the words of the oldest are forgotten. */
  private static final int REMEMBERED = 1000;

  private final LongSupplier clock;
  private final LineRate rate;
  private final Consumer<String> log;
  private final Map<String, Said> warnings = new LinkedHashMap<>();

  /** How many were not let through whose words are forgotten. */
  private int unsaidOfForgotten;

  /** When a warning was let through, and how often it was not since. */
  private static final class Said {
    private final long at;
    private int unsaid;
    private long last;

    Said(long at) {
      this.at = at;
    }
  }

  /** A line about a warning that came again. */
  private record Repeated(String warning, Said said) {}

  /**
   * @param clock nanoseconds, from any beginning
   * @param rate of lines that are different
   * @param log is given lines about warnings that were not let through; never inside {@link
   *     #decide}
   */
  RepeatLimit(LongSupplier clock, LineRate rate, Consumer<String> log) {
    this.clock = clock;
    this.rate = rate;
    this.log = log;
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (!isCounted(event)) {
      return rate.allows(event) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
    String warning = ShortEvent.line(event.getFormattedMessage());
    long now = clock.getAsLong();
    synchronized (warnings) {
      Said said = warnings.get(warning);
      if (said != null) {
        said.unsaid++;
        said.last = now;
        return FilterReply.DENY;
      }
      if (!rate.allows(event)) {
        return FilterReply.DENY;
      }
      if (warnings.size() == REMEMBERED) {
        forgetEldest();
      }
      warnings.put(warning, new Said(now));
      return FilterReply.NEUTRAL;
    }
  }

  /** A warning, or what else may come again and again. */
  private static boolean isCounted(ILoggingEvent event) {
    return event.getThrowableProxy() == null
        && (event.getLevel() == Level.WARN
            || (event.getMarkerList() != null
                && event.getMarkerList().contains(LogMarkers.REPEATED)));
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
    List<Repeated> repeated = new ArrayList<>();
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
              repeated.add(new Repeated(entry.getKey(), said));
            }
            return true;
          });
    }
    // The last line is of what was last: whether a table is in trouble, or works again.
    repeated.sort(Comparator.comparingLong(each -> each.said().last));
    repeated.forEach(each ->
        log.accept(
            "%s (%d more such since the last line)".formatted(each.warning(), each.said().unsaid)));
    if (others > 0) {
      log.accept("%d more warnings that came before".formatted(others));
    }
    rate.refused()
        .forEach((logger, count) ->
            log.accept(
                "%d more lines of %s are not written (postern_log_line_limit = %d in a minute)"
                    .formatted(
                        count, logger.substring(logger.lastIndexOf('.') + 1), rate.limit())));
  }
}
