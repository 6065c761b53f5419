package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.platform.libc.SystemCallException;
import org.postern.spi.Access;
import org.postern.spi.BulkLoad;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;

/**
 * A table that is made anew, however little memory there is, and whatever is beside the old one.
 */
@Timeout(300)
final class RebuildTest {
  private static final int PAGE_SIZE = 4096;

  /** Where the first page says which file this is, and where that ends. */
  private static final int UNIQUE_ID = 52;

  private static final int UNIQUE_ID_END = 72;

  @TempDir private Path directory;

  // Memory

  @ParameterizedTest(name = "{0} with {1} pages in memory")
  @CsvSource({"btree, 1", "btree, 3", "btree, 40", "hash, 1", "hash, 3", "hash, 40"})
  void theFileIsTheSameWithLittleMemory(String maptype, int pages) throws Exception {
    Map<String, String> pairs = new HashMap<>();
    byte[] little = withoutId(Files.readAllBytes(make(maptype, "little", pages, pairs)));
    byte[] enough = withoutId(Files.readAllBytes(make(maptype, "enough", 10_000, pairs)));
    assertThat(little.length / PAGE_SIZE).as("pages that have to go").isGreaterThan(3 * pages);
    assertThat(Structure.check(maptype, little)).isEqualTo(pairs);
    assertThat(Arrays.equals(little, enough)).isTrue();
  }

  private Path make(String maptype, String name, int pages, Map<String, String> pairs)
      throws Exception {
    Path file = directory.resolve(name + ".db");
    System.Logger logger = TestOpening.of(maptype, name).logger();
    try (Rebuild load = Rebuild.begin(maptype, file, logger, (long) pages * PAGE_SIZE)) {
      Random random = new Random(20261126);
      for (int i = 0; i < 6_000; i++) {
        String key = "key" + random.nextInt(4_000);
        if (random.nextInt(500) == 0) {
          key = key + "-".repeat(5_000);
        }
        String value = "v".repeat(random.nextInt(random.nextInt(200) == 0 ? 20_000 : 120)) + i;
        load.put(Bytes.bytes(key), Bytes.bytes(value), TableFlags.DUP_REPLACE);
        pairs.put(key + '\0', value + '\0');
      }
      load.commit();
    }
    return file;
  }

  private static byte[] withoutId(byte[] file) {
    Arrays.fill(file, UNIQUE_ID, UNIQUE_ID_END, (byte) 0);
    return file;
  }

  // A journal beside the table

  /** A table of which a killed process has written only a part of the pages, and its journal. */
  private Path unfinished(String maptype) throws Exception {
    Sample sample = new Sample(maptype + "-many-512");
    MemoryFiles left = new MemoryFiles(sample.bytes());
    for (int calls = 0; Arrays.equals(left.content(), sample.bytes()); calls++) {
      MemoryFiles failing = new MemoryFiles(sample.bytes()).failAfter(calls);
      try (Transaction pages = new Transaction(maptype, failing.journal())) {
        TableChanges.of(pages).put(Bytes.bytes("journal\0"), Bytes.bytes("v".repeat(1500) + '\0'));
        pages.commit();
      } catch (SystemCallException killed) {
        left = failing.afterKill();
      }
    }
    assertThat(left.journal().isPending()).isTrue();
    Path file = Files.write(directory.resolve("table.db"), left.content());
    Files.write(FilesOnDisk.journalOf(file), left.journalContent());
    return file;
  }

  private static TestOpening opening(String maptype, Path file, Access access) {
    return Mode.DISK.opening(maptype, file).access(access);
  }

  private static void makeAnew(String maptype, Path file) throws Exception {
    try (TestOpening opening = opening(maptype, file, Access.READ_WRITE);
        BulkLoad load = new BerkeleyDbDriver().rebuild(opening)) {
      load.put(Bytes.bytes("new"), Bytes.bytes("value"), TableFlags.DUP_WARN);
      load.commit();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void anUnfinishedChangeOfTheOldTableGoesWithIt(String maptype) throws Exception {
    Path file = unfinished(maptype);
    makeAnew(maptype, file);
    assertThat(FilesOnDisk.journalOf(file)).doesNotExist();
    assertThat(Structure.check(maptype, Files.readAllBytes(file)))
        .isEqualTo(Map.of("new\0", "value\0"));
  }

  /** Whoever opens the table: a power loss may have brought the removed journal back. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void theOldTablesJournalIsNeverAppliedToTheNewOne(Mode mode) throws Exception {
    for (String maptype : List.of("hash", "btree")) {
      Path file = unfinished(maptype);
      Path journal = FilesOnDisk.journalOf(file);
      Path kept = directory.resolve("kept");
      Files.copy(journal, kept, StandardCopyOption.REPLACE_EXISTING);
      makeAnew(maptype, file);
      final byte[] made = Files.readAllBytes(file);
      Files.copy(kept, journal);
      try (TestOpening opening = mode.opening(maptype, file)) {
        opening.open(new BerkeleyDbDriver());
      }
      assertThat(Files.readAllBytes(file)).as("%s after reading", maptype).isEqualTo(made);
      try (TestOpening opening = opening(maptype, file, Access.READ_WRITE)) {
        Table table = opening.open(new BerkeleyDbDriver());
        assertThat(Files.readAllBytes(file)).as("%s opened", maptype).isEqualTo(made);
        table.update(Bytes.bytes("second"), Bytes.bytes("value"), table.flags());
      }
      assertThat(Structure.check(maptype, Files.readAllBytes(file)))
          .isEqualTo(Map.of("new\0", "value\0", "second\0", "value\0"));
      assertThat(journal).doesNotExist();
    }
  }

  /** The same, but that the journal is of a table that was made by Postern with the same pairs. */
  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void twoTablesOfTheSamePairsDoNotShareAJournal(String maptype) throws Exception {
    Path file = directory.resolve("table.db");
    Path journal = FilesOnDisk.journalOf(file);
    makeAnew(maptype, file);
    try (TestOpening opening = opening(maptype, file, Access.READ_WRITE)) {
      Table table = opening.open(new BerkeleyDbDriver());
      table.update(Bytes.bytes("second"), Bytes.bytes("value"), table.flags());
      Path kept = Files.copy(journal, directory.resolve("kept"));
      makeAnew(maptype, file);
      final byte[] made = Files.readAllBytes(file);
      assertThat(journal).as("removed when the table was replaced").doesNotExist();
      Files.copy(kept, journal);
      try (TestOpening other = opening(maptype, file, Access.READ_WRITE)) {
        other.open(new BerkeleyDbDriver());
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(made);
      table.update(Bytes.bytes("third"), Bytes.bytes("value"), table.flags());
    }
    assertThat(Structure.check(maptype, Files.readAllBytes(file)))
        .isEqualTo(Map.of("new\0", "value\0", "third\0", "value\0"));
  }
}
