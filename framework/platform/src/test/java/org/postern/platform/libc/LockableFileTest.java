package org.postern.platform.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Isolated, so that the next file to be opened is given the number that has become free. */
@Isolated
final class LockableFileTest {
  @TempDir private Path directory;

  @Test
  void closedTwiceItLeavesTheNextFileWithItsNumberAlone() throws Exception {
    Path path = Files.writeString(directory.resolve("file"), "12345");
    LockableFile first = LockableFile.open(path);
    first.close();
    try (LockableFile second = LockableFile.open(path)) {
      first.close();
      assertThat(second.size()).isEqualTo(5);
    }
  }
}
