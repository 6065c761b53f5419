package org.postern.driver.textfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postern.testkit.Bytes.bytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Access;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Answer;
import org.postern.testkit.TestOpening;

/**
 * What transcripts cannot tell: files that cannot be read, names, flags that postmap never sets.
 */
final class TexthashDriverTest {
  @TempDir Path directory;

  @Test
  void aMissingFileIsReportedInPostfixsWords() {
    Path file = directory.resolve("absent");
    assertUnavailable(TestOpening.of("texthash", file))
        .hasMessage("open database " + file + ": No such file or directory");
  }

  @Test
  void aDirectoryIsNotATable() {
    assertUnavailable(TestOpening.of("texthash", directory))
        .hasMessage("read " + directory + ": Is a directory");
  }

  @Test
  void aFifoIsNotWaitedFor() throws Exception {
    Path fifo = directory.resolve("fifo");
    Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).start();
    assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertUnavailable(TestOpening.of("texthash", fifo))
        .hasMessage("open database " + fifo + ": Is a FIFO");
  }

  @Test
  void anEndlessFileIsRefusedBeforeTheHeapIsFull() {
    assertUnavailable(TestOpening.of("texthash", "/dev/zero"))
        .message()
        .startsWith("/dev/zero: table too large: needs more than ");
  }

  @Test
  void theNullDeviceIsAnEmptyTable() throws Exception {
    try (TestOpening opening = TestOpening.of("texthash", "/dev/null")) {
      Table table = opening.open(new TexthashDriver());
      assertThat(Answer.of(table.lookup(bytes("key"), 0))).isEqualTo("not found");
    }
  }

  @Test
  void theReadWriteServiceIsRefused() throws IOException {
    Path file = write("alpha one\n");
    assertUnavailable(TestOpening.of("texthash", file).access(Access.READ_WRITE))
        .hasMessage("texthash:" + file + " map requires O_RDONLY access mode");
  }

  @Test
  void aDuplicateWithoutAnyFlagForItMakesTheTableUnavailable() throws IOException {
    Path file = write("alpha one\n\nalpha two\n");
    assertUnavailable(TestOpening.of("texthash", file))
        .hasMessage(file + ", line 3: duplicate entry: \"alpha\"");
  }

  @Test
  void aRelativeNameIsRelativeToTheQueueDirectory() throws Exception {
    Path file = write("alpha one\n");
    try (TestOpening opening =
        TestOpening.of("texthash", file.getFileName())
            .parameter("queue_directory", directory.toString())) {
      Table table = opening.open(new TexthashDriver());
      assertThat(Answer.of(table.lookup(bytes("alpha"), 0))).isEqualTo(Answer.found("one"));
      assertThat(opening.watched()).containsExactly(file);
    }
  }

  @Test
  void theFilesOfValuesAreWatchedToo() throws Exception {
    Path value = directory.resolve("value");
    Path absent = directory.resolve("absent");
    Files.writeString(value, "secret");
    Path file = write("alpha " + value + "\nbeta " + absent + "\n");
    try (TestOpening opening =
        TestOpening.of("texthash", file).instanceFlags(TableFlags.SRC_RHS_IS_FILE)) {
      Table table = opening.open(new TexthashDriver());
      assertThat(Answer.of(table.lookup(bytes("alpha"), 0))).isEqualTo(Answer.found("c2VjcmV0"));
      assertThat(opening.watched()).containsExactly(file, value, absent);
      opening.assertWarnings(
          file + ", line 2: open " + absent + ": No such file or directory: skipping this entry");
    }
  }

  @Test
  void theFileOfAValueIsReadAsFarAsItsSizeTells() throws Exception {
    Path file = write("alpha /dev/zero\n");
    try (TestOpening opening =
        TestOpening.of("texthash", file).instanceFlags(TableFlags.SRC_RHS_IS_FILE)) {
      Table table = opening.open(new TexthashDriver());
      assertThat(Answer.of(table.lookup(bytes("alpha"), 0))).isEqualTo(Answer.found(""));
    }
  }

  @Test
  void aFileOfAnotherTypeIsNamed() throws Exception {
    Path file = write("\0".repeat(12) + "a\u0015\u0006" + "\0".repeat(20) + "\n");
    try (TestOpening opening = TestOpening.of("texthash", file)) {
      opening.open(new TexthashDriver());
      opening.assertWarnings(
          file + " is read as text, but it is a Berkeley DB hash file: write hash: before its name",
          file + ", line 1: text after null byte may be ignored",
          file + ", line 1: expected format: key whitespace value -- ignoring this line");
    }
  }

  @Test
  void textBehindANulIsWarnedOfAndIgnored() throws Exception {
    Path file = write("# c\nalpha one\0two\nbeta\0\n two\n");
    try (TestOpening opening = TestOpening.of("texthash", file)) {
      Table table = opening.open(new TexthashDriver());
      assertThat(Answer.of(table.lookup(bytes("alpha"), 0))).isEqualTo(Answer.found("one"));
      // Postfix 3.11 and later warn of the NUL, and all releases of what it leads to
      opening.assertWarnings(
          file + ", line 2: text after null byte may be ignored",
          file + ", line 3-4: text after null byte may be ignored",
          file + ", line 3: expected format: key whitespace value -- ignoring this line");
    }
  }

  @Test
  void surrogatesAreNotUtf8() throws Exception {
    Path file = write("alpha \u00ed\u00a0\u0080\nbeta two\n");
    try (TestOpening opening =
        TestOpening.of("texthash", file).instanceFlags(TableFlags.UTF8_REQUEST)) {
      Table table = opening.open(new TexthashDriver());
      assertThat(Answer.of(table.lookup(bytes("alpha"), 0))).isEqualTo("not found");
      assertThat(Answer.of(table.lookup(bytes("beta"), 0))).isEqualTo(Answer.found("two"));
      assertThat(opening.warnings())
          .singleElement()
          .asString()
          .startsWith(file + ", line 1: non-UTF-8 input \"alpha ?")
          .endsWith("\" -- ignoring this line");
      opening.assertWarnings(opening.warnings().toArray(String[]::new));
    }
  }

  @Test
  void aHundredThousandEntriesAreAllThere() throws Exception {
    StringBuilder source = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      source.append("user" + i + "@example.com\tbox" + i + '\n');
    }
    try (TestOpening opening = TestOpening.of("texthash", write(source.toString()))) {
      Table table = opening.open(new TexthashDriver());
      for (int i = 0; i < 100_000; i++) {
        assertThat(Answer.of(table.lookup(bytes("user" + i + "@example.com"), 0)))
            .isEqualTo(Answer.found("box" + i));
      }
      assertThat(Answer.of(table.lookup(bytes("user100000@example.com"), 0)))
          .isEqualTo("not found");
    }
  }

  private Path write(String source) throws IOException {
    return Sources.write(directory.resolve("source"), source);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertUnavailable(
      TestOpening opening) {
    return assertThatThrownBy(() -> opening.open(new TexthashDriver()))
        .isInstanceOf(TableUnavailableException.class);
  }
}
