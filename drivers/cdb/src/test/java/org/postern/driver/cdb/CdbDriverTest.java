package org.postern.driver.cdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Answer;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;
import org.postern.testkit.Walk;

@Timeout(60)
final class CdbDriverTest {
  private static final int KEYS = 2000;

  @TempDir Path directory;

  private static String key(int i) {
    return "user" + i + "@example.com";
  }

  private static String value(int i) {
    return "box-" + i * 7919 + "/" + "v".repeat(i % 40);
  }

  @Test
  void everyKeyIsFoundAndTellsTheFormThatItHas() throws Exception {
    try (TestOpening opening = Sample.opening(Sample.copy("many", directory))) {
      Table table = opening.open(new CdbDriver());
      for (int i = 0; i < KEYS; i++) {
        assertThat(table.lookup(Bytes.bytes(key(i)), table.flags()))
            .usingRecursiveComparison()
            .isEqualTo(
                new Found(
                    Bytes.bytes(value(i)), i % 2 == 0 ? TableFlags.TRY1NULL : TableFlags.TRY0NULL));
        assertThat(table.lookup(Bytes.bytes("absent" + i), table.flags()))
            .isEqualTo(NotFound.NOT_FOUND);
      }
    }
  }

  @Test
  void onlyTheFormThatIsAskedForIsTried() throws Exception {
    try (TestOpening opening = Sample.opening(Sample.copy("many", directory))) {
      Table table = opening.open(new CdbDriver());
      byte[] without = Bytes.bytes(key(0));
      byte[] with = Bytes.bytes(key(1));
      assertThat(table.lookup(without, TableFlags.TRY0NULL)).isInstanceOf(Found.class);
      assertThat(table.lookup(without, TableFlags.TRY1NULL)).isEqualTo(NotFound.NOT_FOUND);
      assertThat(table.lookup(with, TableFlags.TRY1NULL)).isInstanceOf(Found.class);
      assertThat(table.lookup(with, TableFlags.TRY0NULL)).isEqualTo(NotFound.NOT_FOUND);
    }
  }

  @Test
  void theFirstOfSeveralValuesIsFoundUpToItsFirstNul() throws Exception {
    try (TestOpening opening = Sample.opening(Sample.copy("many", directory))) {
      Table table = opening.open(new CdbDriver());
      assertThat(Answer.of(table.lookup(Bytes.bytes("several"), table.flags())))
          .isEqualTo(Answer.found("first"));
      assertThat(Answer.of(table.lookup(Bytes.bytes("nul"), table.flags())))
          .isEqualTo(Answer.found("be"));
    }
  }

  @Test
  void aWalkMeetsEveryRecordInTheOrderOfTheFile() throws Exception {
    try (TestOpening opening = Sample.opening(Sample.copy("many", directory))) {
      List<String> walk = Walk.through(opening.open(new CdbDriver()));
      assertThat(walk).hasSize(KEYS + 4);
      for (int i = 0; i < KEYS; i++) {
        assertThat(walk.get(i)).isEqualTo(key(i) + "=" + value(i));
      }
      assertThat(walk.subList(KEYS, KEYS + 4))
          .containsExactly("several=first", "several=second", "nul=be", "=empty");
    }
  }

  @Test
  void aFileThatIsTooShortIsRefused() throws Exception {
    Path file = Files.writeString(directory.resolve("short.cdb"), "key value\n");
    try (TestOpening opening = Sample.opening(file)) {
      assertThatThrownBy(() -> opening.open(new CdbDriver()))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessage(
              "open database "
                  + file
                  + ": it is no cdb file: shorter than 2048 bytes; it is text: make a table of it with postmap(1) or \"postern map\"");
    }
  }

  @Test
  void aFileThatIsNotThereIsRefused() throws Exception {
    Path file = directory.resolve("absent.cdb");
    try (TestOpening opening = Sample.opening(file)) {
      assertThatThrownBy(() -> opening.open(new CdbDriver()))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessage("open database " + file + ": No such file or directory");
    }
  }

  /** As zeros, what is missing would be "not found". */
  @Test
  void aFileThatIsCutShortInPlaceWhileItIsInUseAnswersAsBefore() throws Exception {
    Path file = Sample.copy("many", directory);
    try (TestOpening opening = Sample.opening(file)) {
      Table table = opening.open(new CdbDriver());
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(2048 + 100);
      }
      for (int i = 0; i < KEYS; i++) {
        assertThat(Answer.of(table.lookup(Bytes.bytes(key(i)), table.flags())))
            .isEqualTo(Answer.found(value(i)));
      }
    }
  }

  @Test
  void aLargeFileIsReadWhereItIsAndSaysThatItWasCutShort() throws Exception {
    Path file = Sample.copy("many", directory);
    try (TestOpening opening =
        Sample.opening(file).parameter("postern_berkeleydb_memory_limit", "1")) {
      Table table = opening.open(new CdbDriver());
      for (int i = 0; i < KEYS; i += 10) {
        assertThat(Answer.of(table.lookup(Bytes.bytes(key(i)), table.flags())))
            .isEqualTo(Answer.found(value(i)));
        assertThat(table.lookup(Bytes.bytes("absent" + i), table.flags()))
            .isEqualTo(NotFound.NOT_FOUND);
      }
      long size = Files.size(file);
      for (int cut = 1; cut < 60; cut++) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(size * (60 - cut) / 60);
        }
        for (int i = 0; i < KEYS; i += 100) {
          LookupResult result = table.lookup(Bytes.bytes(key(i)), table.flags());
          assertThat(result).isInstanceOfAny(Found.class, Retry.class);
        }
      }
    }
  }

  @Test
  void aFileThatWasCutShortIsNotOpened() throws Exception {
    byte[] bytes = Files.readAllBytes(Sample.copy("many", directory));
    for (int length : new int[] {2048, 5000, bytes.length / 2, bytes.length - 1}) {
      Path file = Files.write(directory.resolve("cut.cdb"), Arrays.copyOf(bytes, length));
      try (TestOpening opening = Sample.opening(file)) {
        assertThatThrownBy(() -> opening.open(new CdbDriver()))
            .isInstanceOf(TableUnavailableException.class)
            .hasMessageContaining("it is no cdb file, or was cut short: table ");
      }
    }
  }

  @Test
  void aFileOfAnotherTypeIsNamed() throws Exception {
    byte[] bytes = new byte[8192];
    bytes[12] = 0x61;
    bytes[13] = 0x15;
    bytes[14] = 0x06;
    Path file = Files.write(directory.resolve("other.cdb"), bytes);
    try (TestOpening opening = Sample.opening(file)) {
      assertThatThrownBy(() -> opening.open(new CdbDriver()))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessageEndingWith("; it is a Berkeley DB hash file: write hash: before its name");
    }
  }
}
