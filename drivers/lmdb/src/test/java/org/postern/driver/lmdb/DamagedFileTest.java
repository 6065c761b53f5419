package org.postern.driver.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.Access;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Bytes;
import org.postern.testkit.DamagedTable;
import org.postern.testkit.TestOpening;

/**
 * Whatever is in a file: lookups, walks and changes end with a result, and the process goes on;
 * what LMDB itself would make of most of these files is a crash.
 */
@Timeout(7200)
final class DamagedFileTest {
  /** For each of three tests, and more for others. */
  private static final int ROUNDS = 1 + DamagedTable.count() / 3;

  private static final int PAGE = 4096;

  private static final List<String> KEYS =
      IntStream.range(0, Sample.KEYS / 40).mapToObj(i -> Sample.key(i * 40)).toList();

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"contract", "many"})
  void bytesThatWereChangedHereAndThere(String sample) throws Exception {
    Random random = new Random(1);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = Sample.bytes(sample);
      for (int i = random.nextInt(1, 12); i > 0; i--) {
        // Most of what matters is in the headers of pages and in their indexes.
        int page = random.nextInt(bytes.length / PAGE) * PAGE;
        bytes[page + random.nextInt(random.nextBoolean() ? 160 : PAGE)] = (byte) random.nextInt();
      }
      use(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"contract", "many"})
  void oneBitOfThePagesThatSayWhereAllElseIs(String sample) throws Exception {
    byte[] sound = Sample.bytes(sample);
    for (int bit = 0; bit < 2 * 160 * 8; bit += 3) {
      byte[] bytes = sound.clone();
      bytes[(bit / 8) % 160 + (bit / 8) / 160 * PAGE] ^= (byte) (1 << bit % 8);
      use(bytes);
    }
  }

  @Test
  void pagesInTheWrongPlace() throws Exception {
    Random random = new Random(2);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = Sample.bytes("many");
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        int from = random.nextInt(bytes.length / PAGE) * PAGE;
        int to = random.nextInt(2, bytes.length / PAGE) * PAGE;
        System.arraycopy(bytes, from, bytes, to, PAGE);
        if (random.nextBoolean()) {
          bytes[to] = (byte) (to / PAGE);
        }
      }
      use(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"contract", "many"})
  void filesThatAreCutShort(String sample) throws Exception {
    Random random = new Random(3);
    for (int round = 0; round < ROUNDS / 4; round++) {
      byte[] bytes = Sample.bytes(sample);
      use(Arrays.copyOf(bytes, random.nextInt(bytes.length)));
    }
  }

  @Test
  void aFileThatIsCutShortWhileItIsInUse() throws Exception {
    Path file = Sample.copy("many", directory);
    try (TestOpening opening = Sample.opening(file).access(Access.READ_WRITE)) {
      Table table = opening.open(new LmdbDriver());
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(2 * PAGE);
      }
      assertThat(table.lookup(Bytes.bytes(Sample.key(1)), table.flags()))
          .isEqualTo(
              new Retry(
                  file
                      + ": the file was cut short while it was in use; replace it by renaming"
                      + " another"));
      assertThat(table.update(Bytes.bytes("key"), Bytes.bytes("value"), table.flags()))
          .isInstanceOf(Retry.class);
    }
  }

  @Test
  void aDamagedPageIsNamedAndUndamagedOnesStillAnswer() throws Exception {
    byte[] bytes = Sample.bytes("many");
    int damaged = leafOf(bytes);
    bytes[damaged * PAGE + 10] = 99;
    Path file = Files.write(directory.resolve("damaged.lmdb"), bytes);
    int retries = 0;
    try (TestOpening opening = Sample.opening(file).access(Access.READ_WRITE)) {
      Table table = opening.open(new LmdbDriver());
      for (int i = 0; i < Sample.KEYS; i++) {
        if (table.lookup(Bytes.bytes(Sample.key(i)), table.flags()) instanceof Retry(String why)) {
          assertThat(why).startsWith(file + ": page " + damaged + ": is of type 99");
          retries++;
        }
      }
      assertThat(retries).isBetween(1, Sample.KEYS / 2);
      assertThat(table.update(Bytes.bytes("key"), Bytes.bytes("value"), table.flags()))
          .isInstanceOf(Retry.class);
      assertThat(Files.readAllBytes(file)).as("nothing was changed").isEqualTo(bytes);
    }
  }

  private static int leafOf(byte[] bytes) throws Exception {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    Meta meta = Meta.newest(segment);
    Page root = new Page(segment.asSlice(meta.root() * PAGE, PAGE), PAGE, meta.root());
    return (int) root.child(root.node(3));
  }

  private void use(byte[] bytes) throws IOException {
    Path file = Files.write(directory.resolve("damaged.lmdb"), bytes);
    try (TestOpening opening = Sample.opening(file).access(Access.READ_WRITE)) {
      Table table = DamagedTable.use(opening, new LmdbDriver(), KEYS);
      if (table == null) {
        return;
      }
      ChangeResult update =
          table.update(Bytes.bytes("user500"), Bytes.bytes("v".repeat(9000)), table.flags());
      if (update instanceof Retry(String why)) {
        assertThat(why).startsWith(file + ": ");
      } else {
        assertThat(update).isInstanceOf(Changed.class);
        for (int i = 0; i < Sample.KEYS; i += 150) {
          assertThat(table.delete(Bytes.bytes(Sample.key(i)), table.flags())).isNotNull();
        }
      }
    }
  }
}
