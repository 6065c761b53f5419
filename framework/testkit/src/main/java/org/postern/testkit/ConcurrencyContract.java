package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Entry;
import org.postern.spi.Table;

/** One table, asked from many threads at once, gives each of them its own answer. */
public interface ConcurrencyContract extends ContractSubject {
  int THREADS = 8;
  int ROUNDS = 50;
  long DEADLINE_SECONDS = 60;

  @Test
  default void manyThreadsGetTheAnswersThatOneGets(@TempDir Path directory) throws Exception {
    try (TestOpening opening = sample(directory)) {
      Table table = opening.open(driver());
      inEachThread(thread -> () -> askAll(table, thread));
    }
  }

  @Test
  default void manyThreadsWalkAtOnce(@TempDir Path directory) throws Exception {
    if (capabilities().contains(Capability.SEQUENCE)) {
      try (TestOpening opening = sample(directory)) {
        Table table = opening.open(driver());
        inEachThread(thread ->
            () ->
                assertThat(Walk.through(table))
                    .containsExactlyInAnyOrderElementsOf(Walk.expected(entries())));
      }
    }
  }

  private void askAll(Table table, int thread) {
    List<Entry> order = new ArrayList<>(entries());
    byte[] unknown = Bytes.bytes("contract-unknown-" + thread);
    Collections.shuffle(order, new Random(thread));
    for (int round = 0; round < ROUNDS; round++) {
      for (Entry entry : order) {
        assertThat(Answer.of(table.lookup(entry.key(), table.flags())))
            .isEqualTo(Answer.found(Bytes.text(entry.value())));
      }
      assertThat(table.lookup(unknown, table.flags())).isInstanceOf(answerToUnknownKeys());
    }
  }

  private static void inEachThread(IntFunction<Runnable> tasks) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<Void>> results = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        Runnable task = tasks.apply(thread);
        Callable<Void> together =
            () -> {
              start.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
              task.run();
              return null;
            };
        results.add(threads.submit(together));
      }
      for (Future<Void> result : results) {
        result.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
      }
    }
  }
}
