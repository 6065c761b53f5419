package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postern.spi.ConfigError;
import org.postern.spi.Entry;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.SequenceResult;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableUnavailableException;

/**
 * Whatever is in a table's file: it opens or says why not, lookups and walks end with a result, and
 * nothing takes more memory or time than a file of its size can need.
 *
 * <p>For files of up to a megabyte.
 */
public final class DamagedTable {
  private static final String COUNT = "postern.mutations";
  private static final int DEFAULT_COUNT = 2000;

  /** A walk of what is damaged may meet entries twice, but not for ever. */
  private static final int LONGEST_WALK = 1_000_000;

  private static final long MOST_SECONDS = 30;
  private static final long MOST_BYTES_OF_A_CALL = 64L << 20;
  private static final long MOST_PAGES_OF_THE_PROCESS = (3L << 30) / 4096;
  private static final Path MEMORY = Path.of("/proc/self/statm");

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private DamagedTable() {}

  /**
   * How many damaged files are to be tried for each type: the system property {@code
   * postern.mutations}.
   */
  public static int count() {
    return Integer.getInteger(COUNT, DEFAULT_COUNT);
  }

  /**
   * Uses a table. Warnings are as they come.
   *
   * @param keys to look up
   * @return the table, still open, or null when it could not be opened
   */
  public static @Nullable Table use(TestOpening opening, TableDriver driver, List<String> keys) {
    long begun = System.nanoTime();
    Table table = bounded("opening", () -> open(opening, driver));
    if (table != null) {
      for (String key : keys) {
        byte[] bytes = Bytes.bytes(key);
        LookupResult atOnce =
            bounded("a lookup at once", () -> table.lookupAtOnce(bytes, table.flags()));
        if (atOnce != null) {
          check(atOnce, opening);
        }
        check(bounded("a lookup", () -> table.lookup(bytes, table.flags())), opening);
      }
      walk(table, opening);
    }
    opening.assertWarnings(opening.warnings().toArray(String[]::new));
    assertThat((System.nanoTime() - begun) / 1_000_000_000)
        .as("seconds that it took")
        .isLessThan(MOST_SECONDS);
    assertThat(pagesOfTheProcess()).as("pages in memory").isLessThan(MOST_PAGES_OF_THE_PROCESS);
    return table;
  }

  private static @Nullable Table open(TestOpening opening, TableDriver driver) {
    try {
      return opening.open(driver);
    } catch (TableUnavailableException e) {
      assertThat(e).hasMessageContaining(opening.name());
      return null;
    }
  }

  private static void walk(Table table, TestOpening opening) {
    try (Sequence walk = table.sequence(table.flags())) {
      SequenceResult end = end(walk);
      switch (end) {
        case Entry _, NotFound _ -> {}
        case Retry _ when end.equals(Sequence.UNSUPPORTED.next()) -> {}
        case Retry(String reason) -> checkReason(reason, opening);
        case ConfigError(String reason, int _) -> checkReason(reason, opening);
      }
    }
  }

  private static SequenceResult end(Sequence walk) {
    for (int i = 0; i < LONGEST_WALK; i++) {
      SequenceResult step = bounded("a step of a walk", walk::next);
      if (!(step instanceof Entry)) {
        return step;
      }
    }
    throw new AssertionError("a walk does not end");
  }

  private static void check(LookupResult result, TestOpening opening) {
    switch (result) {
      case Found _, NotFound _ -> {}
      case Retry(String reason) -> checkReason(reason, opening);
      case ConfigError(String reason, int _) -> checkReason(reason, opening);
    }
  }

  private static void checkReason(String reason, TestOpening opening) {
    assertThat(reason).contains(opening.name());
  }

  /** Makes sure that a call leaves the heap alone. */
  private static <T extends @Nullable Object> T bounded(String call, Supplier<T> made) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    T result = made.get();
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
        .as("bytes that %s took", call)
        .isLessThan(MOST_BYTES_OF_A_CALL);
    return result;
  }

  /** All of its memory, whichever way it was allocated. */
  private static long pagesOfTheProcess() {
    try {
      String sizes = Files.readString(MEMORY, StandardCharsets.US_ASCII);
      int resident = sizes.indexOf(' ') + 1;
      return Long.parseLong(sizes.substring(resident, sizes.indexOf(' ', resident)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
