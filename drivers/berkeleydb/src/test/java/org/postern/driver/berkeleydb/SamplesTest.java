package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.spi.Found;
import org.postern.spi.NotFound;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.testkit.Answer;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;
import org.postern.testkit.Walk;

/** Every sample file has in it what db_dump(1) says. */
final class SamplesTest {
  @TempDir private Path directory;

  static Stream<Arguments> samples() {
    return Sample.all().stream()
        .flatMap(sample -> Stream.of(Mode.values()).map(mode -> Arguments.of(sample, mode)));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyKeyIsFoundWithItsFirstValueAndTheFormItHas(Sample sample, Mode mode) throws Exception {
    try (TestOpening opening = mode.opening(sample.maptype(), sample.copyTo(directory))) {
      Table table = opening.open(new BerkeleyDbDriver());
      Map<String, String> first = new LinkedHashMap<>();
      for (Dump.Pair pair : sample.dump().pairs()) {
        first.putIfAbsent(pair.key(), pair.shownValue());
      }
      first.forEach((key, value) -> assertFound(table, key, value));
    }
  }

  private static void assertFound(Table table, String inFile, String value) {
    boolean nul = inFile.endsWith("\0");
    String key = nul ? inFile.substring(0, inFile.length() - 1) : inFile;
    assertThat(table.lookup(Bytes.bytes(key), table.flags()))
        .as("key %.40s", key)
        .isInstanceOfSatisfying(
            Found.class,
            found -> {
              assertThat(Answer.of(found)).isEqualTo(Answer.found(value));
              assertThat(found.clearedFlags())
                  .as("the try bit of the form that the file does not have")
                  .isEqualTo(nul ? TableFlags.TRY0NULL : TableFlags.TRY1NULL);
            });
  }

  @ParameterizedTest
  @MethodSource("samples")
  void otherKeysAreNotFound(Sample sample, Mode mode) throws Exception {
    try (TestOpening opening = mode.opening(sample.maptype(), sample.copyTo(directory))) {
      Table table = opening.open(new BerkeleyDbDriver());
      List<Dump.Pair> pairs = sample.dump().pairs();
      for (int i = 0; i < 500; i++) {
        assertNotFound(table, "absent" + i);
        if (i < pairs.size()) {
          assertNotFound(table, pairs.get(i).shownKey() + "-absent");
          assertNotFound(table, "a" + pairs.get(i).shownKey());
          assertNotFound(table, "z" + pairs.get(i).shownKey());
        }
      }
    }
  }

  private static void assertNotFound(Table table, String key) {
    assertThat(table.lookup(Bytes.bytes(key), table.flags()))
        .as("key %.40s", key)
        .isEqualTo(NotFound.NOT_FOUND);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aWalkMeetsEveryPairInTheOrderOfTheDump(Sample sample, Mode mode) throws Exception {
    try (TestOpening opening = mode.opening(sample.maptype(), sample.copyTo(directory))) {
      assertThat(Walk.through(opening.open(new BerkeleyDbDriver())))
          .isEqualTo(sample.dump().walk());
    }
  }
}
