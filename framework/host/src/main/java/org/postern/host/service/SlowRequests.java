package org.postern.host.service;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.postern.host.protocol.RequestKind;
import org.postern.platform.text.ByteStrings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which requests took long: for each table one line a minute at most, with how many more there
 * were. Any thread may call.
 */
final class SlowRequests {
  private static final Logger LOG = LoggerFactory.getLogger(SlowRequests.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final LongSupplier clock;
  private final ConcurrentHashMap<String, Said> tables = new ConcurrentHashMap<>();

  /** When a line was last written, and how many were not since. */
  private record Said(long at, int unsaid) {}

  /**
   * @param clock nanoseconds, from any beginning
   */
  SlowRequests(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * Notes that a request has ended.
   *
   * @param table as it was asked for
   * @param backend what it waited for
   * @param queued how long it waited for one of the backend's workers, nanoseconds
   * @param took how long it took in all, nanoseconds
   * @param limit from how long on it is slow
   */
  void ended(
      String table, RequestKind kind, String backend, long queued, long took, Duration limit) {
    if (!limit.isPositive() || took < limit.toNanos()) {
      return;
    }
    long now = clock.getAsLong();
    int[] more = {-1};
    tables.compute(
        table,
        (_, said) -> {
          if (said != null && now - said.at() < PAUSE.toNanos()) {
            return new Said(said.at(), said.unsaid() + 1);
          }
          more[0] = said == null ? 0 : said.unsaid();
          return new Said(now, 0);
        });
    if (more[0] >= 0) {
      LOG.info(
          "{}: {} took {} ms, {} ms of them waiting for a turn at {}{}",
          ByteStrings.printable(table),
          kind.requestName(),
          Duration.ofNanos(took).toMillis(),
          Duration.ofNanos(queued).toMillis(),
          backend,
          more[0] == 0 ? "" : " (and " + more[0] + " more such since the last line)");
    }
  }
}
