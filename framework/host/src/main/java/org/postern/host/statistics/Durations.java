package org.postern.host.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * How long some requests took: how many of them fell between which bounds. Immutable.
 *
 * @param counts requests up to each of {@link #BOUNDS} and above the one before it, and at the end
 *     those above the last
 * @param sum of all, seconds
 */
public record Durations(List<Long> counts, double sum) {
  /** Nanoseconds, three to a power of ten: 1 µs to 10 s. */
  private static final long[] NANOS =
      IntStream.range(0, 8)
          .mapToLong(power -> (long) Math.pow(10, power + 3))
          .flatMap(one ->
              one == 10_000_000_000L
                  ? Arrays.stream(new long[] {one})
                  : Arrays.stream(new long[] {one, one * 5 / 2, one * 5}))
          .toArray();

  /** The upper bounds, seconds, ascending. */
  public static final List<Double> BOUNDS =
      Arrays.stream(NANOS).mapToObj(nanos -> nanos / 1e9).toList();

  /** How many ranges there are: one more than bounds. */
  static final int RANGES = NANOS.length + 1;

  public Durations {
    counts = List.copyOf(counts);
  }

  /** In which range a duration falls. */
  static int range(long nanos) {
    int range = 0;
    while (range < NANOS.length && nanos > NANOS[range]) {
      range++;
    }
    return range;
  }

  /** How many requests there were. */
  public long count() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  /** These and others. */
  public Durations plus(Durations others) {
    return new Durations(
        IntStream.range(0, RANGES)
            .mapToObj(range -> counts.get(range) + others.counts.get(range))
            .toList(),
        sum + others.sum);
  }

  /** These without some earlier ones: those of the time between. */
  public Durations minus(Durations earlier) {
    return new Durations(
        IntStream.range(0, RANGES)
            .mapToObj(range -> Math.max(0, counts.get(range) - earlier.counts.get(range)))
            .toList(),
        Math.max(0, sum - earlier.sum));
  }

  /** None. */
  public static Durations none() {
    return new Durations(IntStream.range(0, RANGES).mapToObj(_ -> 0L).toList(), 0);
  }

  /**
   * The time within which a part of the requests was done, as Prometheus' histogram_quantile()
   * reckons it: a straight line between two bounds, the last bound for what is above it.
   *
   * @param part 0 to 1
   * @return seconds; empty when there were no requests
   */
  public OptionalDouble quantile(double part) {
    long all = count();
    if (all == 0) {
      return OptionalDouble.empty();
    }
    double rank = part * all;
    long before = 0;
    for (int range = 0; range < NANOS.length; range++) {
      long here = counts.get(range);
      if (here > 0 && before + here >= rank) {
        double low = range == 0 ? 0 : BOUNDS.get(range - 1);
        return OptionalDouble.of(low + (BOUNDS.get(range) - low) * (rank - before) / here);
      }
      before += here;
    }
    return OptionalDouble.of(BOUNDS.getLast());
  }
}
