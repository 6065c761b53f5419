package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.testkit.Prerequisite;

/** Whatever is stored and removed: the file is sound and holds just that. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
final class ChangesTest {
  private static final int TRANSACTIONS = 40;
  private static final int CHANGES = 25;

  @TempDir private Path directory;

  static Stream<Sample> samples() {
    return Sample.all().stream().filter(sample -> !sample.name().contains("duplicates"));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aTableThatGrowsAndShrinksHoldsWhatItShould(Sample sample) throws Exception {
    MemoryFiles files = new MemoryFiles(sample.bytes());
    Map<String, String> pairs = Structure.check(sample.maptype(), files.content());
    int pageSize = pageSize(sample);
    RandomChanges random = new RandomChanges(sample.name().hashCode(), pageSize, pairs);
    for (int i = 0; i < TRANSACTIONS; i++) {
      try (Transaction pages = new Transaction(sample.maptype(), files.journal())) {
        TableChanges changes = TableChanges.of(pages);
        for (int j = 0; j < CHANGES; j++) {
          RandomChanges.make(changes, random.next(i < TRANSACTIONS / 2 ? 8 : 2), random.model());
        }
        pages.commit();
      }
      assertThat(Structure.check(sample.maptype(), files.content())).isEqualTo(random.model());
      if (i % 10 == 9) {
        verify(files, random.model());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aTableThatIsEmptiedCanBeFilledAgain(Sample sample) throws Exception {
    MemoryFiles files = new MemoryFiles(sample.bytes());
    Map<String, String> pairs = Structure.check(sample.maptype(), files.content());
    try (Transaction pages = new Transaction(sample.maptype(), files.journal())) {
      TableChanges changes = TableChanges.of(pages);
      for (String key : pairs.keySet()) {
        RandomChanges.make(changes, key, Map.of());
      }
      pages.commit();
    }
    assertThat(Structure.check(sample.maptype(), files.content())).isEmpty();
    verify(files, Map.of());
    long size = files.content().length;
    try (Transaction pages = new Transaction(sample.maptype(), files.journal())) {
      TableChanges changes = TableChanges.of(pages);
      for (String key : pairs.keySet()) {
        RandomChanges.make(changes, key, pairs);
      }
      pages.commit();
    }
    assertThat(Structure.check(sample.maptype(), files.content())).isEqualTo(pairs);
    verify(files, pairs);
    if (sample.maptype().equals("btree")) { // a hash grows whenever a bucket needs one more page
      assertThat((long) files.content().length)
          .as("pages are used again")
          .isLessThanOrEqualTo(size + size / 4 + 2L * pageSize(sample));
    }
  }

  private static int pageSize(Sample sample) throws Exception {
    try (PagesOnDisk pages =
        new PagesOnDisk(sample.maptype(), new MemoryFiles(sample.bytes()).table())) {
      return pages.file().pageSize();
    }
  }

  private void verify(MemoryFiles files, Map<String, String> pairs) throws Exception {
    if (Prerequisite.BERKELEY_DB.canCheck()) {
      Path file = Files.write(directory.resolve("changed.db"), files.content());
      BerkeleyDbTools.verify(file);
      assertThat(BerkeleyDbTools.dump(file)).isEqualTo(pairs);
    }
  }
}
