package org.postern.host.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.host.protocol.RequestKind;
import org.postern.host.protocol.Status;

class DurationsTest {
  private static Durations of(long... nanos) {
    TableStatistics statistics = new TableStatistics();
    for (long one : nanos) {
      statistics.answered(RequestKind.LOOKUP, Status.OK, one);
    }
    List<RequestCounts> requests = statistics.requests();
    return requests.isEmpty() ? Durations.none() : requests.getFirst().durations();
  }

  @Test
  void boundsGoFromOneMicrosecondToTenSeconds() {
    assertThat(Durations.BOUNDS)
        .startsWith(1e-6, 2.5e-6, 5e-6, 1e-5)
        .endsWith(1.0, 2.5, 5.0, 10.0)
        .hasSize(22)
        .isSorted();
  }

  @Test
  void whatIsOnABoundIsBelowIt() {
    assertThat(of(1_000).counts()).startsWith(1L, 0L);
    assertThat(of(1_001).counts()).startsWith(0L, 1L);
    assertThat(of(10_000_000_000L, 10_000_000_001L).counts()).endsWith(1L, 1L);
  }

  @Test
  void aQuantileLiesBetweenTheBoundsOfItsRange() {
    Durations durations = of(3_000, 3_000, 30_000, 2_000_000_000L);
    assertThat(durations.count()).isEqualTo(4);
    assertThat(durations.sum()).isEqualTo(2.000036, within(1e-9));
    assertThat(durations.quantile(0.5)).hasValueCloseTo(5e-6, within(1e-9));
    assertThat(durations.quantile(0.75)).hasValueCloseTo(5e-5, within(1e-9));
    assertThat(durations.quantile(0.99)).hasValueCloseTo(2.44, within(1e-9));
  }

  @Test
  void theQuantileOfWhatIsAboveTheLastBoundIsThatBound() {
    assertThat(of(60_000_000_000L).quantile(0.5)).hasValue(10);
  }

  @Test
  void nothingHasNoQuantile() {
    assertThat(of().quantile(0.5)).isEmpty();
  }

  @Test
  void sumsAreOfEachRange() {
    assertThat(of(1_000).plus(of(1_000, 30_000))).isEqualTo(of(1_000, 1_000, 30_000));
  }
}
