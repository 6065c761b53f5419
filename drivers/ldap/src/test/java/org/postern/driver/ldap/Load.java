package org.postern.driver.ldap;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.postern.spi.Table;
import org.postern.testkit.Patience;

/** Threads that look one key up all the time, and what they were told. */
final class Load implements AutoCloseable {
  private static final int THREADS = 4;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final AtomicBoolean over = new AtomicBoolean();
  private final LongAdder found = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final ConcurrentLinkedQueue<String> others = new ConcurrentLinkedQueue<>();

  /**
   * @param answer what they are to be told, or to try again later
   */
  Load(Table table, String key, String answer) {
    for (int i = 0; i < THREADS; i++) {
      threads.execute(() -> run(table, key, answer));
    }
  }

  private void run(Table table, String key, String answer) {
    while (!over.get()) {
      String text = LdapTableTest.text(table, key);
      if (text.equals(answer)) {
        found.increment();
      } else if (text.startsWith("retry: ")) {
        retried.increment();
        LockSupport.parkNanos(1_000_000); // the processor is for the server too
      } else {
        others.add(text);
      }
    }
  }

  /**
   * Waits until somebody is told the answer.
   *
   * @return how long that took, in milliseconds
   */
  long untilFound() throws Exception {
    return untilMore(found);
  }

  /** Waits until somebody is told to try again. */
  void untilRetry() throws Exception {
    untilMore(retried);
  }

  private static long untilMore(LongAdder count) throws Exception {
    long before = count.sum();
    return Patience.until(() -> count.sum() > before);
  }

  /** What they were told that is neither: must be nothing. */
  List<String> others() {
    return List.copyOf(others);
  }

  @Override
  public void close() {
    over.set(true);
    threads.close();
  }
}
