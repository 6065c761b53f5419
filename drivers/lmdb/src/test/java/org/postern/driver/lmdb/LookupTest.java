package org.postern.driver.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Found;
import org.postern.spi.NotFound;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.testkit.Answer;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;
import org.postern.testkit.Walk;

/** A file with several levels of pages, keys of both forms, and values on pages of their own. */
final class LookupTest {
  @TempDir Path directory;

  @Test
  void everyKeyIsFoundAndTellsTheFormThatItHas() throws Exception {
    try (TestOpening opening = Sample.opening(Sample.copy("many", directory))) {
      Table table = opening.open(new LmdbDriver());
      for (int i = 0; i < Sample.KEYS; i++) {
        assertThat(table.lookup(Bytes.bytes(Sample.key(i)), table.flags()))
            .usingRecursiveComparison()
            .isEqualTo(
                new Found(
                    Bytes.bytes(Sample.value(i)),
                    i % 2 == 0 ? TableFlags.TRY1NULL : TableFlags.TRY0NULL));
        assertThat(table.lookup(Bytes.bytes("user" + i), table.flags()))
            .isEqualTo(NotFound.NOT_FOUND);
      }
    }
  }

  @Test
  void valuesOnPagesOfTheirOwn() throws Exception {
    try (TestOpening opening = Sample.opening(Sample.copy("many", directory))) {
      Table table = opening.open(new LmdbDriver());
      assertThat(Answer.of(table.lookup(Bytes.bytes("long"), table.flags())))
          .isEqualTo(Answer.found("l".repeat(Sample.LONG)));
      assertThat(Answer.of(table.lookup(Bytes.bytes("longplain"), table.flags())))
          .isEqualTo(Answer.found("p".repeat(Sample.LONG)));
    }
  }

  @Test
  void onlyTheFormThatIsAskedForIsTried() throws Exception {
    try (TestOpening opening = Sample.opening(Sample.copy("many", directory))) {
      Table table = opening.open(new LmdbDriver());
      byte[] without = Bytes.bytes(Sample.key(0));
      byte[] with = Bytes.bytes(Sample.key(1));
      assertThat(table.lookup(without, TableFlags.TRY0NULL)).isInstanceOf(Found.class);
      assertThat(table.lookup(without, TableFlags.TRY1NULL)).isEqualTo(NotFound.NOT_FOUND);
      assertThat(table.lookup(with, TableFlags.TRY1NULL)).isInstanceOf(Found.class);
      assertThat(table.lookup(with, TableFlags.TRY0NULL)).isEqualTo(NotFound.NOT_FOUND);
      assertThat(table.lookup(with, 0)).isInstanceOf(Found.class);
    }
  }

  @Test
  void aWalkMeetsEveryEntryInTheOrderOfKeys() throws Exception {
    TreeMap<String, String> expected = new TreeMap<>();
    for (int i = 0; i < Sample.KEYS; i++) {
      expected.put(Sample.key(i), Sample.value(i));
    }
    expected.put("long", "l".repeat(Sample.LONG));
    expected.put("longplain", "p".repeat(Sample.LONG));
    List<String> entries =
        expected.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
    try (TestOpening opening = Sample.opening(Sample.copy("many", directory))) {
      assertThat(Walk.through(opening.open(new LmdbDriver()))).isEqualTo(entries);
    }
  }

  @Test
  void theFlagsThatAClientAsksFor() throws Exception {
    Path file = Sample.copy("contract", directory);
    try (TestOpening opening = Sample.opening(file).instanceFlags(TableFlags.TRY0NULL)) {
      assertThat(opening.open(new LmdbDriver()).flags())
          .isEqualTo(TableFlags.FIXED | TableFlags.MULTI_WRITER | TableFlags.TRY0NULL);
    }
  }
}
