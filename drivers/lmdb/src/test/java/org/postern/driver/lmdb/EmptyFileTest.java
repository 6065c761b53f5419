package org.postern.driver.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Access;
import org.postern.spi.Changed;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;

/** A crash, or a tool that prepares a machine, may leave a file without anything in it. */
final class EmptyFileTest {
  @TempDir Path directory;

  @Test
  void itBecomesATableForWhoeverMayWriteIt() throws Exception {
    Path file = Files.createFile(directory.resolve("empty.lmdb"));
    try (TestOpening opening = Sample.opening(file).access(Access.READ_WRITE)) {
      Table table = opening.open(new LmdbDriver());
      assertThat(table.update(Bytes.bytes("key"), Bytes.bytes("value"), table.flags()))
          .isInstanceOf(Changed.class);
      assertThat(Answer.of(table.lookup(Bytes.bytes("key"), table.flags())))
          .isEqualTo(Answer.found("value"));
    }
  }
}
