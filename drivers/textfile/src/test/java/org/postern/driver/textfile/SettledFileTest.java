package org.postern.driver.textfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.platform.text.SettledFile;

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

  /** Whoever watches the name opens the table again: here one file counts. */
  @Test
  void aFileThatIsReplacedMeanwhileIsReadFromOneOfThemAlone() throws Exception {
    Path file = Sources.write(directory.resolve("file"), "old");
    Path other = Sources.write(directory.resolve("other"), "new");
    List<String> readings = new ArrayList<>();
    String result =
        read(file, readings, () -> Files.move(other, file, StandardCopyOption.REPLACE_EXISTING));
    assertThat(result).isEqualTo("old");
    assertThat(readings).containsExactly("old");
  }

  @Test
  void aFileThatIsReplacedAllTheTimeIsReadAsItOnceWas() throws Exception {
    Path file = directory.resolve("file");
    Files.writeString(file, "version 0");
    AtomicBoolean ended = new AtomicBoolean();
    Thread replacing =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 1; !ended.get(); i++) {
                try {
                  Path fresh = Files.writeString(directory.resolve("fresh"), "version " + i);
                  Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
                  TimeUnit.MILLISECONDS.sleep(10); // as somebody did
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    try {
      assertThat(read(file, new ArrayList<>(), () -> {})).matches("version \\d+");
    } finally {
      ended.set(true);
      replacing.join();
    }
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
        input -> {
          String content = new String(input.readAllBytes(), StandardCharsets.UTF_8);
          readings.add(content);
          if (readings.size() == 1) {
            meanwhile.happens();
          }
          return content;
        });
  }
}
