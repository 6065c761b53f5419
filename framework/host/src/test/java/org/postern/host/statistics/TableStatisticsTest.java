package org.postern.host.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postern.host.protocol.RequestKind;
import org.postern.host.protocol.Status;

class TableStatisticsTest {

  @Test
  void kindsAndOutcomesAreCountedApart() {
    TableStatistics statistics = new TableStatistics();
    statistics.answered(RequestKind.LOOKUP, Status.OK, 1);
    statistics.answered(RequestKind.LOOKUP, Status.OK, 1);
    statistics.answered(RequestKind.LOOKUP, Status.NOKEY, 1);
    statistics.answered(RequestKind.SEQUENCE, Status.CONFIG, 1);
    assertThat(statistics.requests())
        .extracting(RequestCounts::kind, RequestCounts::outcomes)
        .containsExactly(
            tuple(RequestKind.LOOKUP, Map.of(Status.OK, 2L, Status.NOKEY, 1L)),
            tuple(RequestKind.SEQUENCE, Map.of(Status.CONFIG, 1L)));
  }

  @Test
  void ofManyThatAreAnsweredAtOnceSomeAreTimedForAll() {
    TableStatistics statistics = new TableStatistics();
    int all = 100_003;
    for (int i = 0; i < all; i++) {
      Status status = i % 2 == 0 ? Status.OK : Status.NOKEY;
      statistics.answeredAtOnce(RequestKind.LOOKUP, status, statistics.begin(RequestKind.LOOKUP));
    }
    RequestCounts counts = statistics.requests().getFirst();
    assertThat(counts.outcomes()).isEqualTo(Map.of(Status.OK, 50_002L, Status.NOKEY, 50_001L));
    assertThat(counts.durations().count())
        .isBetween((long) all - TableStatistics.ONE_OF, (long) all + TableStatistics.ONE_OF);
    assertThat(counts.durations().sum()).isPositive();
  }

  @Test
  void noRequestIsLostAmongThreads() throws InterruptedException {
    TableStatistics statistics = new TableStatistics();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int request = 0; request < 10_000; request++) {
                  statistics.answered(RequestKind.LOOKUP, Status.OK, 500);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    RequestCounts counts = statistics.requests().getFirst();
    assertThat(counts.outcomes()).containsExactly(Map.entry(Status.OK, 90_000L));
    assertThat(counts.durations().counts()).startsWith(90_000L);
    assertThat(counts.durations().sum()).isEqualTo(90_000 * 500 / 1e9);
  }

  @Test
  void failuresThatComeAtOnceDoNotMakeATableLookFast() {
    TableStatistics statistics = new TableStatistics();
    for (int i = 0; i < 10; i++) {
      statistics.answered(RequestKind.LOOKUP, Status.OK, 20_000_000);
    }
    for (int i = 0; i < 1000; i++) {
      statistics.answered(RequestKind.LOOKUP, Status.RETRY, 1_000);
      statistics.answered(RequestKind.LOOKUP, Status.CONFIG, 1_000);
    }
    RequestCounts counts = statistics.requests().getFirst();
    assertThat(counts.durations().count()).isEqualTo(10);
    assertThat(counts.durations().quantile(0.5).getAsDouble()).isBetween(0.01, 0.025);
    assertThat(counts.failures().count()).isEqualTo(2000);
    assertThat(counts.failures().quantile(0.99).getAsDouble()).isLessThan(0.00001);
    assertThat(counts.outcomes()).containsEntry(Status.RETRY, 1000L);
  }
}
