package org.postern.driver.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Access;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.ConfigError;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;

/**
 * Somebody copies a file over a table in use, as cp(1) does: it is empty for a moment. The LMDB
 * library would end the process.
 */
@Timeout(120)
final class CopiedOverTest {
  private static final int COPIES = 40;
  private static final int KEYS = 3000;
  private static final String SOMETIMES = "written";

  @TempDir Path directory;

  private final LmdbDriver driver = new LmdbDriver();

  @Test
  void whoReadsGetsAnAnswerOrRetry() throws Exception {
    Path file = table();
    byte[] bytes = Files.readAllBytes(file);
    try (TestOpening reading = Sample.opening(file)) {
      Table reader = reading.open(driver);
      meanwhile(List.of(ended -> read(reader, ended, false)), () -> copy(bytes, file));
    }
  }

  /** Whoever copies over what is written spoils it for a moment, but no more than that. */
  @Test
  void whoWritesGoesOn() throws Exception {
    Path file = table();
    byte[] bytes = Files.readAllBytes(file);
    try (TestOpening writing = Sample.opening(file).access(Access.READ_WRITE)) {
      Table table = writing.open(driver);
      meanwhile(
          List.of(ended -> write(table, ended), ended -> read(table, ended, true)),
          () -> copy(bytes, file));
      copy(bytes, file);
      assertThat(table.update(Bytes.bytes("k"), Bytes.bytes("v"), table.flags()))
          .as("a sound file can be written again")
          .isInstanceOf(Changed.class);
      assertThat(table.lookup(Bytes.bytes("k"), table.flags())).isInstanceOf(Found.class);
    }
  }

  private interface Work {
    int until(AtomicBoolean ended);
  }

  private interface Step {
    void make() throws Exception;
  }

  private static void meanwhile(List<Work> works, Step step) throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Integer>> running =
          works.stream().map(each -> threads.submit(() -> each.until(ended))).toList();
      try {
        for (int i = 0; i < COPIES; i++) {
          step.make();
        }
      } finally {
        ended.set(true);
      }
      for (Future<Integer> each : running) {
        assertThat(each.get()).isPositive();
      }
    }
  }

  private Path table() throws Exception {
    Path file = directory.resolve("table.lmdb");
    try (TestOpening opening = Sample.opening(file)) {
      fill(driver, opening);
    }
    return file;
  }

  private static void fill(LmdbDriver driver, TestOpening opening) throws Exception {
    try (var load = driver.rebuild(opening)) {
      for (int i = 0; i < KEYS; i++) {
        load.put(Bytes.bytes("key" + i), Bytes.bytes("value" + i), 0);
      }
      load.commit();
    }
  }

  private static void copy(byte[] bytes, Path file) throws Exception {
    try (OutputStream out = Files.newOutputStream(file)) { // which cuts it to nothing
      for (int at = 0; at < bytes.length; at += 1 << 14) {
        out.write(bytes, at, Math.min(1 << 14, bytes.length - at));
      }
    }
  }

  private static int write(Table table, AtomicBoolean ended) {
    int written = 0;
    while (!ended.get()) {
      String key = SOMETIMES + written % 50;
      ChangeResult result =
          table.update(Bytes.bytes(key), Bytes.bytes("v".repeat(written % 3000)), table.flags());
      assertThat(result).isInstanceOfAny(Changed.class, Retry.class);
      written++;
    }
    return written;
  }

  private static int read(Table table, AtomicBoolean ended, boolean written) {
    int read = 0;
    while (!ended.get()) {
      int i = read % KEYS;
      LookupResult result = table.lookup(Bytes.bytes("key" + i), table.flags());
      switch (result) {
        case Found found -> assertThat(Bytes.text(found.value())).isEqualTo("value" + i);
        case Retry _ -> {}
        case ConfigError error -> throw new AssertionError(error.toString());
        case NotFound _ -> assertThat(written).as("key" + i).isTrue();
      }
      read++;
    }
    return read;
  }
}
