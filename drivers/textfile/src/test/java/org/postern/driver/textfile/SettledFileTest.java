package org.postern.driver.textfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.driver.file.text.SettledFile;

final class SettledFileTest {
  @TempDir Path directory;

  @Test
  void aFileAtRestIsReadOnce() throws Exception {
    Path file = Sources.write(directory.resolve("file"), "whole");
    List<String> readings = new ArrayList<>();
    String result = read(file, readings, () -> {});
    assertThat(result).isEqualTo("whole");
    assertThat(readings).containsExactly("whole");
  }

  @Test
  void aFileThatIsWrittenToMeanwhileIsReadAgain() throws Exception {
    Path file = Sources.write(directory.resolve("file"), "half");
    List<String> readings = new ArrayList<>();
    String result = read(file, readings, () -> Sources.write(file, "the whole"));
    assertThat(result).isEqualTo("the whole");
    assertThat(readings).containsExactly("half", "the whole");
  }

  @Test
  void aFileThatIsReplacedMeanwhileIsReadAgain() throws Exception {
    Path file = Sources.write(directory.resolve("file"), "old");
    Path other = Sources.write(directory.resolve("other"), "new");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    List<String> readings = new ArrayList<>();
    String result =
        read(
            file,
            readings,
            () -> {
              if (Files.exists(other)) {
                Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
              }
            });
    assertThat(result).isEqualTo("new");
    assertThat(readings).containsExactly("old", "new");
  }

  @Test
  void aFileThatHasJustBeenWrittenIsLeftToSettle() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "fresh");
    Instant written = Files.getLastModifiedTime(file).toInstant();
    List<String> readings = new ArrayList<>();
    read(file, readings, () -> {});
    assertThat(readings).containsExactly("fresh");
    assertThat(Duration.between(written, Instant.now())).isGreaterThan(Duration.ofMillis(300));
  }

  @Test
  void aFileFromTheFutureIsNotWaitedFor() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "future");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
    assertThat(read(file, new ArrayList<>(), () -> {})).isEqualTo("future");
  }

  private interface Meanwhile {
    void happens() throws IOException;
  }

  /** Reads; and lets something happen during the first reading. */
  private static String read(Path file, List<String> readings, Meanwhile meanwhile)
      throws Exception {
    return SettledFile.read(
        file,
        file.toString(),
        () -> {
          String content = Files.readString(file);
          readings.add(content);
          if (readings.size() == 1) {
            meanwhile.happens();
          }
          return content;
        });
  }
}
