package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.testkit.Bytes;
import org.postern.testkit.DamagedTable;
import org.postern.testkit.TestOpening;

/**
 * Whatever is in a file: opening it ends well or with a reason, lookups and walks end, and nothing
 * but results comes out.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(7200)
final class DamagedFileTest {
  private static final int CHANGES = 10;

  /** Each of a type's samples is damaged so often for each of at least five tests. */
  private static final int ROUNDS = 1 + DamagedTable.count() / (5 * (int) samplesOfAType());

  @TempDir private Path directory;

  private static long samplesOfAType() {
    return changeable().count() / 2;
  }

  static Stream<Sample> changeable() {
    return Sample.all().stream().filter(sample -> sample.bytes().length < 300_000);
  }

  @ParameterizedTest
  @MethodSource("changeable")
  void changesEnd(Sample sample) throws Exception {
    Random random = new Random(sample.name().hashCode());
    for (int round = 0; round < ROUNDS; round++) {
      change(sample, changedHereAndThere(sample, random), random);
    }
  }

  static Stream<Arguments> samples() {
    return changeable()
        .flatMap(sample -> Stream.of(Mode.values()).map(mode -> Arguments.of(sample, mode)));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void bytesThatWereChangedHereAndThere(Sample sample, Mode mode) throws Exception {
    Random random = new Random(sample.name().hashCode());
    for (int round = 0; round < ROUNDS; round++) {
      use(sample, mode, changedHereAndThere(sample, random));
    }
  }

  private static byte[] changedHereAndThere(Sample sample, Random random) throws Exception {
    byte[] bytes = sample.bytes();
    for (int i = random.nextInt(1, 20); i > 0; i--) {
      // Most of what matters is in the headers of pages and in their indexes.
      int page = random.nextInt(bytes.length / 512) * 512;
      bytes[page + random.nextInt(random.nextBoolean() ? 128 : 512)] = (byte) random.nextInt();
    }
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void pagesInTheWrongPlace(Sample sample, Mode mode) throws Exception {
    Random random = new Random(sample.name().hashCode());
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = sample.bytes();
      for (int i = random.nextInt(1, 4); i > 0 && bytes.length >= 1024; i--) {
        int from = random.nextInt(bytes.length / 512) * 512;
        int to = random.nextInt(1, bytes.length / 512) * 512;
        System.arraycopy(bytes, from, bytes, to, 512);
      }
      use(sample, mode, bytes);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void filesThatAreCutShort(Sample sample, Mode mode) throws Exception {
    Random random = new Random(sample.name().hashCode());
    for (int round = 0; round < ROUNDS / 3; round++) {
      byte[] bytes = sample.bytes();
      use(sample, mode, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
    }
  }

  private void use(Sample sample, Mode mode, byte[] bytes) throws Exception {
    Path file = Files.write(directory.resolve("damaged.db"), bytes);
    List<Dump.Pair> pairs = sample.dump().pairs();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i += 1 + pairs.size() / 50) {
      keys.add(pairs.get(i).shownKey());
    }
    try (TestOpening opening = mode.opening(sample.maptype(), file)) {
      DamagedTable.use(opening, new BerkeleyDbDriver(), keys);
    }
  }

  /** Some changes: a file that they cannot be made in is left as it is. */
  private static void change(Sample sample, byte[] bytes, Random random) throws Exception {
    MemoryFiles files = new MemoryFiles(bytes);
    List<Dump.Pair> pairs = sample.dump().pairs();
    for (int i = 0; i < CHANGES; i++) {
      byte[] before = files.content();
      String key =
          pairs.isEmpty() || random.nextBoolean()
              ? "new" + random.nextInt()
              : pairs.get(random.nextInt(pairs.size())).key();
      try (Transaction pages = new Transaction(sample.maptype(), files.journal())) {
        TableChanges changes = TableChanges.of(pages);
        if (random.nextBoolean()) {
          changes.remove(Bytes.bytes(key));
        } else {
          changes.put(Bytes.bytes(key), Bytes.bytes("v".repeat(random.nextInt(2000))));
        }
        pages.commit();
      } catch (CorruptFileException | IndexOutOfBoundsException | ArithmeticException e) {
        assertThat(files.content()).isEqualTo(before);
      }
    }
  }
}
