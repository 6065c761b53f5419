package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Entry;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;

/** How tables are opened, opened again, and cannot be opened. */
public interface OpeningContract extends ContractSubject {

  @Test
  default void maptypesAreNamesThatPostfixCouldHave() {
    assertThat(driver().maptypes())
        .isNotEmpty()
        .allSatisfy(maptype -> assertThat(maptype).matches("[a-z0-9_]+"));
  }

  @Test
  default void theTypesOwnFlagsAreThoseDeclared(@TempDir Path directory) throws Exception {
    try (TestOpening opening = sample(directory)) {
      Table table = opening.open(driver());
      assertThat(table.flags()).isEqualTo(flags());
      assertThat(Integer.bitCount(table.flags() & (TableFlags.FIXED | TableFlags.PATTERN)))
          .as("either FIXED or PATTERN")
          .isEqualTo(1);
      assertThat(table.backend()).as("constant").isEqualTo(table.backend());
      assertThat(table.answersFromMemory()).as("constant").isEqualTo(table.answersFromMemory());
      assertThat(table.answersFromMemory() && table.backend().isPresent())
          .as("a table that answers from memory waits for no backend")
          .isFalse();
    }
  }

  @Test
  default void aTableOpenedBesideAnotherOutlivesIt(@TempDir Path directory) throws Exception {
    try (TestOpening newer = sample(directory)) {
      Table table;
      try (TestOpening older = newer.again()) {
        older.open(driver());
        table = newer.open(driver());
      }
      assertAnswers(table);
    }
  }

  @Test
  default void aTableCanBeOpenedAgainAfterItWasClosed(@TempDir Path directory) throws Exception {
    TestOpening sample = sample(directory);
    for (int i = 0; i < 3; i++) {
      try (TestOpening opening = sample.again()) {
        assertAnswers(opening.open(driver()));
      }
    }
  }

  @Test
  default void aMissingSourceIsReportedAndWatched(@TempDir Path directory) throws Exception {
    Optional<TestOpening> missing = withoutSource(directory);
    if (missing.isPresent()) {
      try (TestOpening opening = missing.get()) {
        assertThatThrownBy(() -> opening.open(driver()))
            .isInstanceOf(TableUnavailableException.class)
            .message()
            .isNotBlank();
        if (sourceFile(directory).isPresent()) {
          assertThat(opening.watched())
              .as("watched, so that the table is there as soon as its file is")
              .isNotEmpty();
        }
      }
    }
  }

  @Test
  default void theSourceIsWatchedBeforeItIsRead(@TempDir Path directory) throws Exception {
    Optional<Path> source = sourceFile(directory);
    if (source.isPresent()) {
      try (TestOpening opening = sample(directory)) {
        opening.whenWatched(file -> delete(source.get()));
        assertThatThrownBy(() -> opening.open(driver()))
            .as("the file went when the driver began to watch it, so it cannot have been read")
            .isInstanceOf(TableUnavailableException.class);
      }
    }
  }

  private void assertAnswers(Table table) {
    for (Entry entry : entries()) {
      assertThat(Answer.of(table.lookup(entry.key(), table.flags())))
          .isEqualTo(Answer.found(Bytes.text(entry.value())));
    }
    assertThat(table.lookup(Bytes.bytes("contract-unknown"), table.flags()))
        .isInstanceOf(answerToUnknownKeys());
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
