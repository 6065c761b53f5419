package org.postern.host.statistics;

import java.time.Instant;
import java.util.Optional;

/** How often the configuration has been read again. Any thread may call. */
public final class Reloads {
  private Counts counts = new Counts(0, 0, Optional.empty(), Optional.empty());

  /**
   * A count.
   *
   * @param ok how often what was read is in force since
   * @param failed how often there was a mistake in it, so that the old one stayed
   * @param last when it was read last
   * @param mistake what was wrong then
   */
  public record Counts(long ok, long failed, Optional<Instant> last, Optional<String> mistake) {}

  public synchronized void succeeded() {
    counts =
        new Counts(counts.ok() + 1, counts.failed(), Optional.of(Instant.now()), Optional.empty());
  }

  public synchronized void failed(String mistake) {
    counts =
        new Counts(
            counts.ok(), counts.failed() + 1, Optional.of(Instant.now()), Optional.of(mistake));
  }

  public synchronized Counts counts() {
    return counts;
  }
}
