package org.postern.driver.lmdb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.TestOpening;

/** What is no table of the type is named with its file and a reason. */
final class RefusedFileTest {
  @TempDir Path directory;

  @Test
  void aDirectory() throws Exception {
    assertRefused(Files.createDirectory(directory.resolve("folder.lmdb")), "Is a directory");
  }

  @Test
  void aFileThatIsEmpty() throws Exception {
    assertRefused(
        Files.createFile(directory.resolve("empty.lmdb")),
        "it is no LMDB file: it has only 0 bytes; it is empty");
  }

  @Test
  void text() throws Exception {
    assertRefused(
        Files.writeString(directory.resolve("text.lmdb"), "key value\n".repeat(1000)),
        "page 0: it is no LMDB file; it is text: make a table of it with postmap(1) or \"postern map\"");
  }

  @Test
  void anotherVersionOfTheFormat() throws Exception {
    byte[] bytes = Sample.bytes("contract");
    bytes[20] = 2;
    assertRefused(
        Files.write(directory.resolve("later.lmdb"), bytes),
        "page 0: the format is of version 2, not 1");
  }

  private static void assertRefused(Path file, String reason) throws Exception {
    try (TestOpening opening = Sample.opening(file)) {
      assertThatThrownBy(() -> opening.open(new LmdbDriver()))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessage("open database " + file + ": " + reason);
    }
  }
}
