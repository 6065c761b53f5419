package org.postern.driver.lmdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Access;
import org.postern.spi.BulkLoad;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Answer;
import org.postern.testkit.Bytes;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.SmallDisk;
import org.postern.testkit.TestOpening;

/** Tables that are changed on a file system with little room, or none. */
@Timeout(120)
final class FullDiskTest {
  private static final long SIZE = 3L << 20;
  private static final String LARGE = "l".repeat(2 << 20);
  private static final String FULL = "No space left on device";

  @TempDir Path directory;

  private static TestOpening writing(Path file) {
    return Sample.opening(file).access(Access.READ_WRITE);
  }

  private static ChangeResult put(Table table, String key, String value) {
    return table.update(Bytes.bytes(key), Bytes.bytes(value), table.flags());
  }

  @Test
  void aTableIsMadeWhenThereIsRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, SIZE)) {
      Path file = disk.directory().resolve("table.lmdb");
      disk.leaveRoom(4096); // half of an empty table
      try (TestOpening opening = writing(file)) {
        assertThatThrownBy(() -> opening.open(new LmdbDriver()))
            .isInstanceOf(TableUnavailableException.class)
            .hasMessage("open database " + file + ": " + FULL);
        disk.makeRoom();
        assertThat(put(opening.open(new LmdbDriver()), "key", "value")).isInstanceOf(Changed.class);
      }
    }
  }

  @Test
  void aTableIsChangedAsLongAsThereIsRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, SIZE)) {
      Path file = disk.directory().resolve("table.lmdb");
      int number = 0;
      try (TestOpening opening = writing(file)) {
        Table table = opening.open(new LmdbDriver());
        String value = "v".repeat(500);
        ChangeResult result = put(table, "key0", value);
        while (result instanceof Changed) {
          number++;
          result = put(table, "key" + number, value);
        }
        assertThat(result).isEqualTo(new Retry(file + ": " + FULL));
        assertThat(Files.size(file)).isGreaterThan(SIZE / 2);
        for (int i = 0; i < number; i++) {
          assertThat(Answer.of(table.lookup(Bytes.bytes("key" + i), table.flags())))
              .isEqualTo(Answer.found(value));
        }
      }
      check(file, number);
    }
  }

  /** Has the library count: in a place where it has room for its lock. */
  private void check(Path file, int entries) throws Exception {
    if (Prerequisite.LMDB.canCheck()) {
      Path copy = Files.copy(file, directory.resolve("copy.lmdb"));
      assertThat(LmdbTools.run("mdb_stat", "-n", copy.toString())).contains("Entries: " + entries);
    }
  }

  @Test
  void aChangeThatFailsTakesNoRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, SIZE)) {
      Path file = disk.directory().resolve("table.lmdb");
      try (TestOpening opening = writing(file)) {
        Table table = opening.open(new LmdbDriver());
        assertThat(put(table, "key", "value")).isInstanceOf(Changed.class);
        long size = Files.size(file);
        disk.leaveRoom(1 << 20);

        assertThat(put(table, "large", LARGE)).isEqualTo(new Retry(file + ": " + FULL));

        assertThat(Files.size(file)).isEqualTo(size);
        assertThat(Answer.of(table.lookup(Bytes.bytes("key"), table.flags())))
            .isEqualTo(Answer.found("value"));
        disk.makeRoom();
        assertThat(put(table, "large", LARGE)).isInstanceOf(Changed.class);
        assertThat(Answer.of(table.lookup(Bytes.bytes("large"), table.flags())))
            .isEqualTo(Answer.found(LARGE));
      }
      check(file, 2);
    }
  }

  @Test
  void aLoadThatFailsTakesNoRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, SIZE)) {
      Path file = disk.directory().resolve("table.lmdb");
      LmdbDriver driver = new LmdbDriver();
      try (TestOpening opening = writing(file)) {
        Table table = opening.open(driver);
        assertThat(put(table, "key", "value")).isInstanceOf(Changed.class);
        long size = Files.size(file);
        try (BulkLoad load = driver.rebuild(opening)) {
          assertThatThrownBy(() -> loadTooMuch(load))
              .isInstanceOf(TableUnavailableException.class)
              .hasMessageEndingWith(FULL);
        }
        assertThat(Files.size(file)).isEqualTo(size);
        assertThat(Answer.of(table.lookup(Bytes.bytes("key"), table.flags())))
            .isEqualTo(Answer.found("value"));
      }
    }
  }

  private static void loadTooMuch(BulkLoad load) throws TableUnavailableException {
    for (int i = 0; i < 2 * SIZE / 500; i++) {
      load.put(
          Bytes.bytes("key" + i),
          Bytes.bytes("v".repeat(500)),
          TableFlags.TRY0NULL | TableFlags.TRY1NULL);
    }
    load.commit();
  }
}
