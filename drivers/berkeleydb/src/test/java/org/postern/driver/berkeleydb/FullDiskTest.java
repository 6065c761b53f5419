package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
import org.postern.testkit.Patience;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.SmallDisk;
import org.postern.testkit.TestOpening;

/** Tables that are changed on a file system with little room, or none. */
@Timeout(120)
final class FullDiskTest {
  private static final long SIZE = 3L << 20;

  /** What a journal may hold of it. */
  private static final long JOURNAL = 300L << 10;

  private static final String FULL = "No space left on device";

  @TempDir private Path directory;

  private static TestOpening writing(String maptype, Path file) {
    return Mode.MEMORY.opening(maptype, file).access(Access.READ_WRITE);
  }

  private static ChangeResult store(Table table, String key, String value) {
    return table.update(Bytes.bytes(key), Bytes.bytes(value), table.flags());
  }

  /**
   * Stores keys until there is no room.
   *
   * @return the number of the first one that was not stored
   */
  private static int storeUntilFull(
      Table table, Path file, String value, Map<String, String> expected) throws IOException {
    for (int number = 0; ; number++) {
      ChangeResult result = store(table, "key" + number, value);
      assertThat(Files.size(FilesOnDisk.journalOf(file))).isLessThan(JOURNAL);
      if (!(result instanceof Changed)) {
        assertThat(result).isEqualTo(new Retry(file + ": " + FULL));
        return number;
      }
      expected.put("key" + number + '\0', value + '\0');
    }
  }

  private static void checkContent(String maptype, Path file, Map<String, String> expected)
      throws Exception {
    assertThat(Structure.check(maptype, Files.readAllBytes(file))).isEqualTo(expected);
    if (Prerequisite.BERKELEY_DB.canCheck()) {
      BerkeleyDbTools.verify(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void aTableIsChangedAsLongAsThereIsRoomAndAgainWhenThereIs(String maptype) throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, SIZE)) {
      Path file = disk.directory().resolve("table.db");
      Map<String, String> expected = new TreeMap<>();
      try (TestOpening opening = writing(maptype, file)) {
        Table table = opening.open(new BerkeleyDbDriver());
        String value = "v".repeat(500);
        int number = storeUntilFull(table, file, value, expected);
        assertThat(Files.size(file)).isGreaterThan(SIZE / 2);
        checkContent(maptype, file, expected);
        for (int i = 0; i < number; i++) {
          assertThat(Answer.of(table.lookup(Bytes.bytes("key" + i), table.flags())))
              .isEqualTo(Answer.found(value));
        }

        assertThat(table.delete(Bytes.bytes("key0"), table.flags())).isInstanceOf(Changed.class);
        expected.remove("key0\0");
        assertThat(store(table, "key1", "w".repeat(500))).isInstanceOf(Changed.class);
        expected.put("key1\0", "w".repeat(500) + '\0');
      }
      checkContent(maptype, file, expected);
    }
  }

  /** The first update, and one by one what others leave. */
  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void itIsChangedAgainWhenOthersHaveGivenRoomBack(String maptype) throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, SIZE)) {
      Path file = disk.directory().resolve("table.db");
      Map<String, String> expected = new TreeMap<>();
      try (TestOpening opening = writing(maptype, file)) {
        Table table = opening.open(new BerkeleyDbDriver());
        disk.leaveRoom(0);
        for (int i = 0; i < 3; i++) {
          assertThat(store(table, "first", "value")).isEqualTo(new Retry(file + ": " + FULL));
          assertThat(Answer.of(table.lookup(Bytes.bytes("first"), table.flags())))
              .isEqualTo("not found");
        }
        disk.makeRoom();
        assertThat(store(table, "first", "value")).isInstanceOf(Changed.class);
        expected.put("first\0", "value\0");

        disk.leaveRoom(0);
        for (int i = 0; i < 500; i++) { // more than the journal has room for
          assertThat(store(table, "first", "value" + i)).isInstanceOf(Changed.class);
        }
        expected.put("first\0", "value499\0");
        int number = storeUntilFull(table, file, "value", expected);
        disk.makeRoom();
        assertThat(store(table, "key" + number, "value")).isInstanceOf(Changed.class);
        expected.put("key" + number + "\0", "value\0");
      }
      assertThat(FilesOnDisk.journalOf(file)).doesNotExist();
      checkContent(maptype, file, expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void aJournalGivesItsRoomBackWhenOthersHaveTakenTheRest(String maptype) throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, 12L << 20)) {
      Path file = disk.directory().resolve("table.db");
      Path journal = FilesOnDisk.journalOf(file);
      try (TestOpening opening = writing(maptype, file)) {
        Table table = opening.open(new BerkeleyDbDriver());
        assertThat(store(table, "key", "value")).isInstanceOf(Changed.class);
        assertThat(Files.size(journal)).isEqualTo(4L << 20);
        disk.leaveRoom(1L << 20);
        Patience.until(() -> Files.size(journal) < JOURNAL);
        assertThat(store(table, "key", "again")).isInstanceOf(Changed.class);
        assertThat(Files.size(journal)).isLessThan(JOURNAL);
      }
      checkContent(maptype, file, Map.of("key\0", "again\0"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void aTableIsMadeWhenThereIsRoom(String maptype) throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, SIZE)) {
      Path file = disk.directory().resolve("table.db");
      disk.leaveRoom(4096);
      try (TestOpening opening = writing(maptype, file)) {
        assertThatThrownBy(() -> opening.open(new BerkeleyDbDriver()))
            .isInstanceOf(TableUnavailableException.class)
            .hasMessage("open database " + file + ": " + FULL);
        assertThat(namesIn(disk)).containsExactly("files-of-others");
        disk.makeRoom();
        assertThat(store(opening.open(new BerkeleyDbDriver()), "key", "value"))
            .isInstanceOf(Changed.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void aLoadThatFailsLeavesNothingBesideTheTable(String maptype) throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, SIZE)) {
      Path file = disk.directory().resolve("table.db");
      try (TestOpening opening = writing(maptype, file)) {
        BerkeleyDbDriver driver = new BerkeleyDbDriver();
        try (BulkLoad load = driver.extend(opening)) {
          assertThatThrownBy(() -> loadTooMuch(load))
              .isInstanceOf(TableUnavailableException.class)
              .hasMessage(file + ": " + FULL);
        }
        assertThat(namesIn(disk)).containsExactly("table.db");
        Map<String, String> before = Structure.check(maptype, Files.readAllBytes(file));
        assertThat(before).isNotEmpty();
        try (BulkLoad load = driver.rebuild(opening)) {
          assertThatThrownBy(() -> loadTooMuch(load))
              .isInstanceOf(TableUnavailableException.class)
              .hasMessageStartingWith(file + ": ")
              .hasMessageEndingWith(FULL);
        }
        assertThat(namesIn(disk)).containsExactly("table.db");
        checkContent(maptype, file, before);
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

  private static String[] namesIn(SmallDisk disk) throws IOException {
    try (var names = Files.list(disk.directory())) {
      return names.map(name -> String.valueOf(name.getFileName())).sorted().toArray(String[]::new);
    }
  }
}
