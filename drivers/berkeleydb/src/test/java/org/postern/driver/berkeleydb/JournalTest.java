package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.driver.berkeleydb.libc.StoredFile;
import org.postern.driver.berkeleydb.libc.SystemCallException;
import org.postern.spi.Access;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;

/** A change that was not finished is undone by whoever comes next, unless the table is not its. */
final class JournalTest {
  private static final Sample SAMPLE = new Sample("btree-many-512");

  /** The journal's write and its sync, and one page. */
  private static final int CALLS = 3;

  @TempDir private Path directory;

  /** A table of which only a part of the pages was written. */
  private static MemoryFiles unfinished() throws Exception {
    MemoryFiles files = new MemoryFiles(SAMPLE.bytes()).failAfter(CALLS);
    assertThatThrownBy(() -> store(files, "user1@example.com\0", "v".repeat(1500)))
        .isInstanceOf(SystemCallException.class);
    assertThat(files.content()).isNotEqualTo(SAMPLE.bytes());
    assertThat(Journal.isPending(files)).isTrue();
    return files.afterKill();
  }

  private static void store(TableFiles files, String key, String value)
      throws SystemCallException, CorruptFileException {
    try (Transaction pages = new Transaction(SAMPLE.maptype(), files)) {
      TableChanges.of(pages).put(Bytes.bytes(key), Bytes.bytes(value));
      pages.commit();
    }
  }

  /** Writes the table and its journal into the directory. */
  private Path onDisk(MemoryFiles files) throws Exception {
    Path file = Files.write(directory.resolve("table.db"), files.content());
    Files.write(FilesOnDisk.journalOf(file), files.journal());
    return file;
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aReaderUndoesIt(Mode mode) throws Exception {
    Path file = onDisk(unfinished());
    try (TestOpening opening = mode.opening(SAMPLE.maptype(), file)) {
      Table table = opening.open(new BerkeleyDbDriver());
      assertThat(Files.readAllBytes(file)).isEqualTo(SAMPLE.bytes());
      assertThat(Answer.of(table.lookup(Bytes.bytes("user1@example.com"), table.flags())))
          .isEqualTo(Answer.found("box-7919/v"));
    }
  }

  @Test
  void aReaderOfATableThatIsOpenUndoesIt() throws Exception {
    Path file = SAMPLE.copyTo(directory);
    MemoryFiles unfinished = unfinished();
    try (TestOpening opening = Mode.DISK.opening(SAMPLE.maptype(), file)) {
      Table table = opening.open(new BerkeleyDbDriver());
      Files.write(file, unfinished.content());
      Files.write(FilesOnDisk.journalOf(file), unfinished.journal());
      assertThat(Answer.of(table.lookup(Bytes.bytes("user1@example.com"), table.flags())))
          .isEqualTo(Answer.found("box-7919/v"));
      assertThat(Files.readAllBytes(file)).isEqualTo(SAMPLE.bytes());
    }
  }

  @Test
  void aWriterUndoesItAndRemovesTheJournalWhenItCloses() throws Exception {
    Path file = onDisk(unfinished());
    try (TestOpening opening =
        Mode.DISK.opening(SAMPLE.maptype(), file).access(Access.READ_WRITE)) {
      opening.open(new BerkeleyDbDriver());
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(SAMPLE.bytes());
    assertThat(FilesOnDisk.journalOf(file)).doesNotExist();
  }

  @Test
  void aJournalIsAsPrivateAsItsTable() throws Exception {
    Path file = SAMPLE.copyTo(directory);
    Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-r-----");
    Files.setPosixFilePermissions(file, permissions);
    try (TestOpening opening =
        Mode.DISK.opening(SAMPLE.maptype(), file).access(Access.READ_WRITE)) {
      Table table = opening.open(new BerkeleyDbDriver());
      table.update(Bytes.bytes("key"), Bytes.bytes("value"), table.flags());
      assertThat(Files.getPosixFilePermissions(FilesOnDisk.journalOf(file))).isEqualTo(permissions);
    }
  }

  @Test
  void aTableThatSomebodyElseHasWrittenSinceIsLeftAsItIs() throws Exception {
    MemoryFiles files = unfinished();
    byte[] written = files.content().clone();
    for (int page = 512; page < written.length; page += 512) {
      Arrays.fill(written, page + 40, page + 60, (byte) 'x');
    }
    files.replace(written);
    Journal.playBack(files);
    assertThat(files.content()).isEqualTo(written);
    assertThat(Journal.isPending(files)).isFalse();
  }

  @Test
  void aTableMadeAnewIsLeftAsItIs() throws Exception {
    MemoryFiles files = unfinished();
    byte[] other = new Sample("btree-mixed-little-endian-512").bytes();
    files.replace(other);
    Journal.playBack(files);
    assertThat(files.content()).isEqualTo(other);
  }

  @Test
  void aTornJournalIsIgnored() throws Exception {
    MemoryFiles files = unfinished();
    byte[] content = files.content();
    try (StoredFile journal = files.createJournal()) {
      journal.truncate(journal.size() - 1);
    }
    Journal.playBack(files);
    assertThat(files.content()).isEqualTo(content);
    assertThat(Journal.isPending(files)).isFalse();
  }
}
