package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.platform.libc.CFunction;
import org.postern.platform.libc.SystemCallException;
import org.postern.spi.Access;
import org.postern.spi.ChangeResult;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.Bytes;
import org.postern.testkit.Patience;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.TestOpening;

/**
 * A change that was not finished is finished by whoever comes next, unless the table is not its.
 */
final class JournalTest {
  private static final Sample SAMPLE = new Sample("btree-many-512");

  private static final String KEY = "user1@example.com";
  private static final String VALUE = "v".repeat(1500);

  @TempDir private Path directory;

  /** A table of which only a part of the pages was written. */
  private static MemoryFiles unfinished() throws Exception {
    MemoryFiles files = new MemoryFiles(SAMPLE.bytes());
    for (int calls = 0; Arrays.equals(files.content(), SAMPLE.bytes()); calls++) {
      MemoryFiles failing = new MemoryFiles(SAMPLE.bytes()).failAfter(calls);
      assertThatThrownBy(() -> store(failing, KEY + '\0', VALUE + '\0'))
          .isInstanceOf(SystemCallException.class);
      files = failing.afterKill();
    }
    assertThat(files.journal().isPending()).isTrue();
    return files;
  }

  /** The table with all of them written. */
  private static byte[] finished() throws Exception {
    MemoryFiles files = new MemoryFiles(SAMPLE.bytes());
    store(files, KEY + '\0', VALUE + '\0');
    return files.content();
  }

  private static void store(MemoryFiles files, String key, String value)
      throws SystemCallException, CorruptFileException {
    try (Transaction pages = new Transaction(SAMPLE.maptype(), files.journal())) {
      TableChanges.of(pages).put(Bytes.bytes(key), Bytes.bytes(value));
      pages.commit();
    }
  }

  /** Writes the table and its journal into the directory. */
  private Path onDisk(MemoryFiles files) throws Exception {
    Path file = Files.write(directory.resolve("table.db"), files.content());
    Files.write(FilesOnDisk.journalOf(file), files.journalContent());
    return file;
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aReaderFinishesIt(Mode mode) throws Exception {
    Path file = onDisk(unfinished());
    try (TestOpening opening = mode.opening(SAMPLE.maptype(), file)) {
      Table table = opening.open(new BerkeleyDbDriver());
      assertThat(Files.readAllBytes(file)).isEqualTo(finished());
      assertThat(Answer.of(table.lookup(Bytes.bytes(KEY), table.flags())))
          .isEqualTo(Answer.found(VALUE));
    }
  }

  @Test
  void aReaderOfATableThatIsOpenFinishesIt() throws Exception {
    Path file = SAMPLE.copyTo(directory);
    MemoryFiles unfinished = unfinished();
    try (TestOpening opening = Mode.DISK.opening(SAMPLE.maptype(), file)) {
      Table table = opening.open(new BerkeleyDbDriver());
      Files.write(file, unfinished.content());
      Files.write(FilesOnDisk.journalOf(file), unfinished.journalContent());
      assertThat(Answer.of(table.lookup(Bytes.bytes(KEY), table.flags())))
          .isEqualTo(Answer.found(VALUE));
      assertThat(Files.readAllBytes(file)).isEqualTo(finished());
    }
  }

  @Test
  void aWriterFinishesItAndRemovesTheJournalWhenItCloses() throws Exception {
    Path file = onDisk(unfinished());
    try (TestOpening opening =
        Mode.DISK.opening(SAMPLE.maptype(), file).access(Access.READ_WRITE)) {
      opening.open(new BerkeleyDbDriver());
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(finished());
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
  void aJournalIsNotReadableForEverybodyWhereTheTableIsNot() throws Exception {
    Path file = directory.resolve("made.db");
    int before = umask(0077);
    try (TestOpening opening =
        Mode.DISK.opening(SAMPLE.maptype(), file).access(Access.READ_WRITE)) {
      Table table = opening.open(new BerkeleyDbDriver());
      table.update(Bytes.bytes("key"), Bytes.bytes("value"), table.flags());
      for (Path made : new Path[] {file, FilesOnDisk.journalOf(file)}) {
        assertThat(Files.getPosixFilePermissions(made))
            .describedAs("%s", made)
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
    } finally {
      umask(before);
    }
  }

  private static int umask(int mask) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) CFunction.of("umask").call(arena.allocate(CFunction.CALL_STATE), mask);
    }
  }

  /** What is in the place of the journal, and leads to another file. */
  enum Trap {
    HARD_LINK("has several names (hard links)"),
    SYMBOLIC_LINK("is no regular file"),
    FIFO("is no regular file");

    private final String words;

    Trap(String words) {
      this.words = words;
    }

    void set(Path journal, Path precious) throws Exception {
      switch (this) {
        case HARD_LINK -> Files.createLink(journal, precious);
        case SYMBOLIC_LINK -> Files.createSymbolicLink(journal, precious);
        case FIFO ->
            assertThat(new ProcessBuilder("mkfifo", journal.toString()).start().waitFor()).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatIsReachedByTheJournalsNameKeepsItsContent(Trap trap) throws Exception {
    Path file = SAMPLE.copyTo(directory);
    Path precious = Files.writeString(directory.resolve("precious"), "precious");
    Path journal = FilesOnDisk.journalOf(file);
    try (TestOpening opening =
        Mode.DISK.opening(SAMPLE.maptype(), file).access(Access.READ_WRITE)) {
      Table table = opening.open(new BerkeleyDbDriver());
      trap.set(journal, precious);

      ChangeResult result = table.update(Bytes.bytes("key"), Bytes.bytes("value"), table.flags());

      assertThat(result)
          .isInstanceOfSatisfying(
              Retry.class,
              retry -> assertThat(retry.reason()).contains(journal + " " + trap.words));
    }
    assertThat(precious).hasContent("precious");
    assertThat(Files.exists(journal, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void aJournalThatAStrangerHasPutBesideATableIsNotFollowed() throws Exception {
    Path file = onDisk(unfinished());
    Prerequisite.ROOT.mustBeHere();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setAttribute(FilesOnDisk.journalOf(file), "unix:uid", 12_345);
    byte[] before = Files.readAllBytes(file);
    try (TestOpening opening = Mode.DISK.opening(SAMPLE.maptype(), file)) {
      assertThatThrownBy(() -> opening.open(new BerkeleyDbDriver()))
          .hasMessageContaining("belongs to user id 12345");
    }
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void aTableThatSomebodyElseHasWrittenSinceIsLeftAsItIs() throws Exception {
    MemoryFiles files = unfinished();
    byte[] written = files.content().clone();
    for (int page = 512; page < written.length; page += 512) {
      Arrays.fill(written, page + 40, page + 60, (byte) 'x');
    }
    files.replace(written);
    files.journal().recover();
    assertThat(files.content()).isEqualTo(written);
    assertThat(files.journal().isPending()).isFalse();
  }

  @Test
  void aTableMadeAnewIsLeftAsItIs() throws Exception {
    MemoryFiles files = unfinished();
    byte[] other = new Sample("btree-mixed-little-endian-512").bytes();
    files.replace(other);
    files.journal().recover();
    assertThat(files.content()).isEqualTo(other);
  }

  @Test
  void aTornJournalIsIgnored() throws Exception {
    MemoryFiles files = unfinished();
    byte[] content = files.content();
    files.journalContent()[JournalBlock.SIZE + 20] ^= 1;
    files.journal().recover();
    assertThat(files.content()).isEqualTo(content);
    assertThat(files.journal().isPending()).isFalse();
  }

  @Test
  void aJournalOfAnotherTableIsNoneOfThisOne() throws Exception {
    MemoryFiles files = unfinished();
    byte[] other = new Sample("btree-mixed-little-endian-512").bytes();
    files.replace(other);
    store(files, "new\0", "value\0");
    MemoryFiles left = files.afterKill();
    assertThat(left.journal().isPending()).isFalse();
    assertThat(Structure.check("btree", left.content())).containsEntry("new\0", "value\0");
  }

  @Test
  void aTableThatWasReplacedIsChangedUnderItsName() throws Exception {
    Path file = SAMPLE.copyTo(directory);
    try (TestOpening opening =
        Mode.DISK.opening(SAMPLE.maptype(), file).access(Access.READ_WRITE)) {
      Table table = opening.open(new BerkeleyDbDriver());
      table.update(Bytes.bytes("before"), Bytes.bytes("value"), table.flags());
      Path other = directory.resolve("other.db");
      Files.write(other, new Sample("btree-mixed-little-endian-512").bytes());
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      table.update(Bytes.bytes("after"), Bytes.bytes("value"), table.flags());
      assertThat(Structure.check("btree", Files.readAllBytes(file)))
          .containsEntry("after\0", "value\0")
          .doesNotContainKey("before\0");
    }
    assertThat(FilesOnDisk.journalOf(file)).doesNotExist();
  }

  @Test
  void aJournalIsEmptiedWhenNoChangeHasComeForAWhile() throws Exception {
    Path file = SAMPLE.copyTo(directory);
    try (TestOpening opening =
        Mode.DISK.opening(SAMPLE.maptype(), file).access(Access.READ_WRITE)) {
      Table table = opening.open(new BerkeleyDbDriver());
      table.update(Bytes.bytes("key"), Bytes.bytes("value"), table.flags());
      Path journal = FilesOnDisk.journalOf(file);
      assertThat(firstBlock(journal)).isEqualTo(JournalBlock.RECORD);
      Patience.until(() -> firstBlock(journal) == JournalBlock.END);
    }
  }

  private static long firstBlock(Path journal) throws Exception {
    return ByteBuffer.wrap(Files.readAllBytes(journal)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
