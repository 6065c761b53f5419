package org.postern.driver.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Prerequisite;

/** What a replacement removes, follows and changes: nothing that it did not make. */
final class ReplacementTest {
  @TempDir private Path directory;
  private Path table;
  private Path fresh;

  @BeforeEach
  void name() {
    table = directory.resolve("table.db");
    fresh = directory.resolve("table.db.postern-new");
  }

  @Test
  void whatAKilledRunHasLeftIsRemoved() throws IOException {
    Files.writeString(fresh, "half of it");
    try (Replacement replacement = Replacement.of(table)) {
      replacement.channel().write(ByteBuffer.wrap("all of it".getBytes(UTF_8)));
      replacement.commit();
    }
    assertThat(table).hasContent("all of it");
    assertThat(fresh).doesNotExist();
  }

  @Test
  void aSymbolicLinkStaysAndIsNotFollowed() throws IOException {
    Path precious = Files.writeString(directory.resolve("precious"), "precious");
    Files.createSymbolicLink(fresh, precious);
    assertThatThrownBy(() -> Replacement.of(table))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(fresh + " is no regular file");
    assertThat(precious).hasContent("precious");
    assertThat(Files.isSymbolicLink(fresh)).isTrue();
  }

  @Test
  void aFileWithAnotherNameStays() throws IOException {
    Path precious = Files.writeString(directory.resolve("precious"), "precious");
    Files.createLink(fresh, precious);
    assertThatThrownBy(() -> Replacement.of(table))
        .hasMessageContaining(fresh + " has several names (hard links)");
    assertThat(fresh).hasContent("precious");
  }

  @Test
  void whatHasTakenTheNameMeanwhileStays() throws IOException {
    try (Replacement _ = Replacement.of(table)) {
      Files.delete(fresh);
      Files.createDirectory(fresh);
    }
    assertThat(Files.isDirectory(fresh, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void rootFollowsNobodysLinkButItsOwn() throws IOException {
    Prerequisite.ROOT.mustBeHere();
    Path precious = Files.writeString(directory.resolve("precious"), "precious");
    Files.createSymbolicLink(table, precious);
    Files.setAttribute(table, "unix:uid", 12_345, LinkOption.NOFOLLOW_LINKS);
    assertThatThrownBy(() -> Replacement.of(table))
        .hasMessageContaining("a symbolic link of user id 12345");

    Files.setAttribute(table, "unix:uid", 0, LinkOption.NOFOLLOW_LINKS);
    try (Replacement replacement = Replacement.of(table)) {
      replacement.commit();
    }
    assertThat(precious).isEmptyFile();
    assertThat(table).isSymbolicLink();
  }

  @Test
  void itHasTheModeOfTheOldOneAndNoBitsBeyond() throws IOException {
    Files.writeString(table, "old");
    assertThat(run("chmod", "6750", table.toString())).isZero();
    try (Replacement replacement = Replacement.of(table)) {
      replacement.inherit();
      replacement.commit();
    }
    assertThat(Files.getPosixFilePermissions(table))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
    assertThat((int) Files.getAttribute(table, "unix:mode") & 07000).isZero();
  }

  private static int run(String... command) throws IOException {
    try {
      return new ProcessBuilder(command).start().waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
