package org.postern.driver.lmdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.platform.libc.LockableFile;
import org.postern.spi.Access;
import org.postern.spi.Changed;
import org.postern.spi.Entry;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Answer;
import org.postern.testkit.Bytes;
import org.postern.testkit.Patience;
import org.postern.testkit.TestOpening;
import org.postern.testkit.Walk;

/** Updates and deletes, and what they leave in the file. */
final class ChangeTest {
  @TempDir Path directory;

  private static TestOpening writing(Path file) {
    return Sample.opening(file).access(Access.READ_WRITE);
  }

  private static final Changed WITH_NUL = new Changed(TableFlags.TRY0NULL);
  private static final Changed WITHOUT = new Changed(TableFlags.TRY1NULL);

  private static void put(Table table, String key, String value) {
    assertThat(table.update(Bytes.bytes(key), Bytes.bytes(value), table.flags()))
        .isInstanceOf(Changed.class);
  }

  private static String get(Table table, String key) {
    return Answer.of(table.lookup(Bytes.bytes(key), table.flags()));
  }

  @Test
  void aFileThatIsNotThereIsMadeForWritingAlone() throws Exception {
    Path file = directory.resolve("new.lmdb");
    try (TestOpening reading = Sample.opening(file)) {
      assertThatThrownBy(() -> reading.open(new LmdbDriver()))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessage("open database " + file + ": No such file or directory");
    }
    try (TestOpening opening = writing(file)) {
      Table table = opening.open(new LmdbDriver());
      assertThat(Walk.through(table)).isEmpty();
      put(table, "key", "value");
      assertThat(get(table, "key")).isEqualTo(Answer.found("value"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-r--r--");
    }
  }

  @Test
  void aDirectoryThatIsNotThere() throws Exception {
    Path file = directory.resolve("absent/new.lmdb");
    try (TestOpening opening = writing(file)) {
      assertThatThrownBy(() -> opening.open(new LmdbDriver()))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessage("open database " + file + ": No such file or directory");
    }
  }

  @Test
  void changesThatWaitBecomeOneTransaction() throws Exception {
    Path file = Sample.copy("contract", directory);
    try (TestOpening opening = writing(file)) {
      Table table = opening.open(new LmdbDriver());
      put(table, "key0", "before");
      long before = transaction(file);
      List<Thread> writers = new ArrayList<>();
      try (LockableFile locked = LockableFile.openForWriting(file)) {
        locked.lockRecordsExclusive();
        for (int i = 0; i < 16; i++) {
          String key = "key" + i;
          writers.add(Thread.ofPlatform().start(() -> put(table, key, "after")));
        }
        Patience.until(() ->
            writers.stream().filter(each -> each.getState() == Thread.State.WAITING).count() == 15);
      }
      for (Thread writer : writers) {
        writer.join();
      }
      for (int i = 0; i < 16; i++) {
        assertThat(get(table, "key" + i)).isEqualTo(Answer.found("after"));
      }
      assertThat(transaction(file) - before).isEqualTo(2);
    }
  }

  private static long transaction(Path file) throws Exception {
    try (LockableFile opened = LockableFile.open(file)) {
      return FileCheck.check(opened).transaction();
    }
  }

  @Test
  void aTableOfTheReadOnlyServiceIsNotChanged() throws Exception {
    try (TestOpening opening = Sample.opening(Sample.copy("contract", directory))) {
      Table table = opening.open(new LmdbDriver());
      assertThat(table.update(Bytes.bytes("k"), Bytes.bytes("v"), 0)).isInstanceOf(Retry.class);
      assertThat(table.delete(Bytes.bytes("alpha"), 0)).isInstanceOf(Retry.class);
      assertThat(get(table, "alpha")).isEqualTo(Answer.found("one"));
    }
  }

  @Test
  void keysThatLmdbCannotHold() throws Exception {
    Path file = Sample.copy("contract", directory);
    try (TestOpening opening = writing(file)) {
      Table table = opening.open(new LmdbDriver());
      put(table, "k".repeat(510), "longest");
      assertThat(get(table, "k".repeat(510))).isEqualTo(Answer.found("longest"));
      assertThat(table.update(Bytes.bytes("k".repeat(511)), Bytes.bytes("v"), table.flags()))
          .isEqualTo(
              new Retry(
                  file
                      + ": the key \""
                      + "k".repeat(60)
                      + "...\" of 511 bytes cannot be stored: 1 to 510 can"));
      assertThat(
              table.update(Bytes.bytes("k".repeat(511)), Bytes.bytes("plain"), TableFlags.TRY0NULL))
          .isEqualTo(WITHOUT);
      assertThat(get(table, "k".repeat(511))).isEqualTo(Answer.found("plain"));
      assertThat(table.update(new byte[0], Bytes.bytes("v"), table.flags()))
          .isInstanceOf(Retry.class);
      assertThat(table.delete(new byte[0], table.flags())).isEqualTo(NotFound.NOT_FOUND);
      assertThat(table.delete(Bytes.bytes("k".repeat(600)), table.flags()))
          .isEqualTo(NotFound.NOT_FOUND);
      assertThat(table.delete(Bytes.bytes("k".repeat(511)), table.flags())).isEqualTo(WITHOUT);
    }
  }

  @Test
  void aKeyIsStoredInTheFormThatTheClientHasFoundOut() throws Exception {
    try (TestOpening opening = writing(Sample.copy("many", directory))) {
      Table table = opening.open(new LmdbDriver());
      byte[] key = Bytes.bytes(Sample.key(1)); // which is there with a NUL
      assertThat(table.update(key, Bytes.bytes("new"), TableFlags.TRY0NULL)).isEqualTo(WITHOUT);
      assertThat(Walk.through(table)).hasSize(Sample.KEYS + 3).contains(Sample.key(1) + "=new");
      assertThat(table.delete(key, table.flags())).isEqualTo(WITH_NUL);
      assertThat(table.lookup(key, table.flags())).as("both forms").isEqualTo(NotFound.NOT_FOUND);
      assertThat(table.delete(key, table.flags())).isEqualTo(NotFound.NOT_FOUND);
    }
  }

  @Test
  void aKeyThatTheFileHasWithoutANulIsReplacedInThatForm() throws Exception {
    try (TestOpening opening = writing(directory.resolve("forms.lmdb"))) {
      Table table = opening.open(new LmdbDriver());
      byte[] key = Bytes.bytes("key");
      assertThat(table.update(key, Bytes.bytes("old"), TableFlags.TRY0NULL)).isEqualTo(WITHOUT);
      assertThat(table.update(key, Bytes.bytes("new"), table.flags())).isEqualTo(WITHOUT);
      assertThat(Walk.through(table)).containsExactly("key=new");
      assertThat(table.delete(key, TableFlags.TRY1NULL)).isEqualTo(NotFound.NOT_FOUND);
      assertThat(table.delete(key, table.flags())).isEqualTo(WITHOUT);
      assertThat(table.update(key, Bytes.bytes("newer"), table.flags())).isEqualTo(WITH_NUL);
      assertThat(table.delete(key, TableFlags.TRY0NULL)).isEqualTo(NotFound.NOT_FOUND);
      assertThat(table.delete(key, TableFlags.TRY1NULL)).isEqualTo(WITH_NUL);
    }
  }

  @Test
  void aFileGrowsBeyondTheSizeOfItsMap() throws Exception {
    Path file = directory.resolve("growing.lmdb");
    try (TestOpening opening = writing(file).parameter("lmdb_map_size", "1")) {
      Table table = opening.open(new LmdbDriver());
      for (int i = 0; i < 5; i++) {
        put(table, "key" + i, "v".repeat(2_000_000));
      }
      put(table, "key0", "w".repeat(7_000_000));
      assertThat(get(table, "key0")).isEqualTo(Answer.found("w".repeat(7_000_000)));
      assertThat(get(table, "key4")).isEqualTo(Answer.found("v".repeat(2_000_000)));
    }
  }

  @Test
  void anyOrderOfChangesLeavesAFileThatIsSoundToTheLastPage() throws Exception {
    Path file = directory.resolve("random.lmdb");
    Random random = new Random(7);
    TreeMap<String, String> expected = new TreeMap<>();
    try (TestOpening opening = writing(file)) {
      Table table = opening.open(new LmdbDriver());
      for (int i = 0; i < 1500; i++) {
        String key = "k" + random.nextInt(300) + "x".repeat(random.nextInt(3) * 100);
        if (random.nextInt(i < 1000 ? 4 : 2) == 0) {
          assertThat(table.delete(Bytes.bytes(key), table.flags()))
              .isEqualTo(expected.remove(key) == null ? NotFound.NOT_FOUND : WITH_NUL);
        } else {
          String value = "v".repeat(random.nextInt(random.nextInt(20) == 0 ? 20_000 : 300));
          put(table, key, value);
          expected.put(key, value);
        }
        if (i % 10 == 0) {
          check(file);
        }
      }
      List<String> entries =
          expected.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
      assertThat(Walk.through(table)).isEqualTo(entries);
    }
  }

  private static void check(Path file) throws Exception {
    try (LockableFile opened = LockableFile.open(file)) {
      FileCheck.check(opened);
    }
  }

  @Test
  void aWalkGoesOnWhenTheEntryThatItIsAtIsDeleted() throws Exception {
    try (TestOpening opening = writing(Sample.copy("contract", directory))) {
      Table table = opening.open(new LmdbDriver());
      int entries = 0;
      try (Sequence walk = table.sequence(table.flags())) {
        while (walk.next() instanceof Entry entry) {
          assertThat(table.delete(entry.key(), table.flags())).isEqualTo(WITH_NUL);
          entries++;
        }
      }
      assertThat(entries).isEqualTo(3);
      assertThat(Walk.through(table)).isEmpty();
    }
  }

  @Test
  void aTableFollowsAFileThatWasPutInItsPlaceWhenItChangesIt() throws Exception {
    Path file = Sample.copy("contract", directory);
    try (TestOpening opening = writing(file)) {
      Table table = opening.open(new LmdbDriver());
      put(table, "before", "1");
      Files.move(Sample.copy("many", directory), file, StandardCopyOption.REPLACE_EXISTING);
      put(table, "after", "2");
      assertThat(get(table, "after")).isEqualTo(Answer.found("2"));
      assertThat(get(table, Sample.key(1))).isEqualTo(Answer.found(Sample.value(1)));
      Files.delete(file);
      put(table, "again", "3");
      assertThat(Walk.through(table)).containsExactly("again=3");
    }
  }

  @Test
  void twoTablesOverOneFileSeeEachOthersChangesAtOnce() throws Exception {
    Path file = Sample.copy("contract", directory);
    LmdbDriver driver = new LmdbDriver();
    try (TestOpening reading = Sample.opening(file);
        TestOpening writing = writing(file)) {
      Table reader = reading.open(driver);
      Table writer = writing.open(driver);
      for (int i = 0; i < 50; i++) {
        put(writer, "counter", "c".repeat(i * 1000));
        assertThat(get(reader, "counter")).isEqualTo(Answer.found("c".repeat(i * 1000)));
      }
    }
  }
}
