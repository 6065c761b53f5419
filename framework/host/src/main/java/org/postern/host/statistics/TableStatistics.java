package org.postern.host.statistics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.postern.host.protocol.RequestKind;
import org.postern.host.protocol.Status;

/**
 * What one table of one service has been asked. Any thread may call.
 *
 * <p>How long requests took is kept apart for those that failed: a table that cannot be opened
 * fails at once, and would look fast.
 *
 * <p>Counters are in stripes, of which a thread always takes the same: event loops and workers
 * seldom meet in one. A stripe has for each kind of request the counts by outcome, the sum of
 * nanoseconds, and the counts by duration.
 *
 * <p>To look at the clock costs more than to count. Of the requests that are answered at once, each
 * is timed at first, and later one in eight, which then counts as eight: durations add up to the
 * requests but for a few.
 */
@SuppressWarnings("EnumOrdinal") // places in an array that nobody else sees
public final class TableStatistics {
  private static final RequestKind[] KINDS = RequestKind.values();
  private static final Status[] STATUSES = Status.values();

  /** A power of two. */
  private static final int STRIPES = 4;

  private static final int SUM = STATUSES.length;
  private static final int BEGUN = SUM + 1;
  private static final int RANGES = BEGUN + 1;
  private static final int SIZE_OF_KIND = RANGES + Durations.RANGES;

  /** So many of a kind are timed, one by one, in each stripe. */
  private static final int ALL_OF = 1 << 10;

  /** One of so many afterwards; a power of two. */
  static final int ONE_OF = 8;

  /** Stands for no time. */
  private static final long UNTIMED = Long.MIN_VALUE;

  private final AtomicLongArray[] stripes = new AtomicLongArray[STRIPES];

  /**
   * How long those took that failed, by kind: the sum, and the counts by duration. They are few, or
   * it does not matter what it costs to count them.
   */
  private final AtomicLongArray failures =
      new AtomicLongArray(KINDS.length * (1 + Durations.RANGES));

  private volatile @Nullable Failure lastFailure;

  /**
   * What went wrong.
   *
   * @param at when
   * @param reason as the log has it
   */
  public record Failure(Instant at, String reason) {}

  public TableStatistics() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new AtomicLongArray(KINDS.length * SIZE_OF_KIND);
    }
  }

  private AtomicLongArray stripe() {
    return stripes[(int) Thread.currentThread().threadId() & (STRIPES - 1)];
  }

  /**
   * Begins a request that may be answered at once.
   *
   * @return for {@link #answeredAtOnce}
   */
  public long begin(RequestKind kind) {
    long begun = stripe().getAndIncrement(kind.ordinal() * SIZE_OF_KIND + BEGUN);
    return begun < ALL_OF || begun % ONE_OF == 0 ? System.nanoTime() : UNTIMED;
  }

  /** Counts a request that has been answered at once, by the thread that has begun it. */
  public void answeredAtOnce(RequestKind kind, Status status, long begun) {
    AtomicLongArray stripe = stripe();
    int first = kind.ordinal() * SIZE_OF_KIND;
    stripe.getAndIncrement(first + status.ordinal());
    if (begun != UNTIMED) {
      boolean isOne = stripe.get(first + BEGUN) <= ALL_OF;
      took(stripe, kind, status, System.nanoTime() - begun, isOne ? 1 : ONE_OF);
    }
  }

  /** Counts a request that has been answered. */
  public void answered(RequestKind kind, Status status, long nanos) {
    AtomicLongArray stripe = stripe();
    int first = kind.ordinal() * SIZE_OF_KIND;
    stripe.getAndIncrement(first + status.ordinal());
    took(stripe, kind, status, nanos, 1);
  }

  private void took(
      AtomicLongArray stripe, RequestKind kind, Status status, long nanos, int times) {
    int range = Durations.range(nanos);
    if (hasFailed(status)) {
      int first = kind.ordinal() * (1 + Durations.RANGES);
      failures.getAndAdd(first, nanos * times);
      failures.getAndAdd(first + 1 + range, times);
    } else {
      int first = kind.ordinal() * SIZE_OF_KIND;
      stripe.getAndAdd(first + SUM, nanos * times);
      stripe.getAndAdd(first + RANGES + range, times);
    }
  }

  private static boolean hasFailed(Status status) {
    return switch (status) {
      case OK, NOKEY -> false;
      case RETRY, BAD, DENY, CONFIG -> true;
    };
  }

  /** Notes that the table could not be opened, or could not answer. */
  public void failed(String reason) {
    lastFailure = new Failure(Instant.now(), reason);
  }

  /** What went wrong last. */
  public Optional<Failure> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  /** What has been counted so far, of the kinds that were asked. */
  public List<RequestCounts> requests() {
    List<RequestCounts> requests = new ArrayList<>();
    for (RequestKind kind : KINDS) {
      int first = kind.ordinal() * SIZE_OF_KIND;
      Map<Status, Long> outcomes = new EnumMap<>(Status.class);
      for (Status status : STATUSES) {
        long count = sum(first + status.ordinal());
        if (count > 0) {
          outcomes.put(status, count);
        }
      }
      if (!outcomes.isEmpty()) {
        List<Long> counts = new ArrayList<>();
        for (int range = 0; range < Durations.RANGES; range++) {
          counts.add(sum(first + RANGES + range));
        }
        requests.add(
            new RequestCounts(
                kind, outcomes, new Durations(counts, sum(first + SUM) / 1e9), failures(kind)));
      }
    }
    return requests;
  }

  private Durations failures(RequestKind kind) {
    int first = kind.ordinal() * (1 + Durations.RANGES);
    List<Long> counts = new ArrayList<>();
    for (int range = 0; range < Durations.RANGES; range++) {
      counts.add(failures.get(first + 1 + range));
    }
    return new Durations(counts, failures.get(first) / 1e9);
  }

  private long sum(int index) {
    long sum = 0;
    for (AtomicLongArray stripe : stripes) {
      sum += stripe.get(index);
    }
    return sum;
  }
}
