package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;

/** What is no table of the type, or is damaged, is named with file, page and reason. */
final class RefusedFileTest {
  private static final int BTREE_ROOT = 88;

  @TempDir private Path directory;

  @Test
  void aFileThatIsNotThere() throws Exception {
    assertRefused("hash", directory.resolve("absent.db"), "No such file or directory");
  }

  @Test
  void aDirectory() throws Exception {
    assertRefused("hash", Files.createDirectory(directory.resolve("folder.db")), "directory");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aFileThatIsEmpty(Mode mode) throws Exception {
    Path file = Files.createFile(directory.resolve("empty.db"));
    assertRefused("btree", mode, file, "page 0: the file is empty");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void text(Mode mode) throws Exception {
    Path file = Files.writeString(directory.resolve("text.db"), "key value\n".repeat(1000));
    assertRefused(
        "hash", mode, file, "page 0: not a Berkeley DB hash file; it is text: make a table");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aTableOfTheOtherType(Mode mode) throws Exception {
    assertRefused(
        "hash",
        mode,
        new Sample("btree-contract").copyTo(directory),
        "; it is a Berkeley DB btree file: write btree: before its name");
    assertRefused(
        "btree",
        mode,
        new Sample("hash-contract").copyTo(directory),
        "; it is a Berkeley DB hash file: write hash: before its name");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aDamagedPageIsRetryWithItsNumberAndAnUndamagedOneStillAnswers(Mode mode) throws Exception {
    Sample sample = new Sample("hash-many-512");
    byte[] bytes = sample.bytes();
    bytes[5 * 512 + 25] = 99; // the type of page 5
    Path file = Files.write(directory.resolve("damaged.db"), bytes);
    int retries = 0;
    int found = 0;
    try (TestOpening opening = mode.opening("hash", file)) {
      Table table = opening.open(new BerkeleyDbDriver());
      for (Dump.Pair pair : sample.dump().pairs()) {
        if (table.lookup(Bytes.bytes(pair.shownKey()), table.flags())
            instanceof Retry(String why)) {
          assertThat(why).contains(file.toString(), "page 5: is of type 99");
          retries++;
        } else {
          found++;
        }
      }
    }
    assertThat(retries).isPositive();
    assertThat(found).isGreaterThan(retries);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aTreeWhoseRootIsNotInTheFile(Mode mode) throws Exception {
    byte[] bytes = new Sample("btree-many-512").bytes();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(BTREE_ROOT, 1_000_000);
    Path file = Files.write(directory.resolve("rootless.db"), bytes);
    assertRefused("btree", mode, file, "page 1000000: is referred to, but the file has 305 pages");
  }

  private static void assertRefused(String maptype, Path file, String reason) throws Exception {
    assertRefused(maptype, Mode.MEMORY, file, reason);
  }

  private static void assertRefused(String maptype, Mode mode, Path file, String reason)
      throws Exception {
    try (TestOpening opening = mode.opening(maptype, file)) {
      assertThatThrownBy(() -> opening.open(new BerkeleyDbDriver()))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessageStartingWith("open database " + file + ": ")
          .hasMessageContaining(reason);
    }
  }
}
