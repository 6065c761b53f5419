package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.platform.libc.SystemCallException;
import org.postern.testkit.Prerequisite;

/**
 * After every single write, and with the power going: the table is as before the transaction or as
 * after it, and as after it when that was acknowledged.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
final class PowerLossTest {
  private static final int TRANSACTIONS = 12;
  private static final int CHANGES = 6;
  private static final int POWER_LOSSES = 3;

  /** Bytes: enough for most transactions. */
  private static final int MOST_ROOM = 20_000;

  @TempDir private Path directory;

  static Stream<Sample> samples() {
    return Stream.of(
            "hash-mixed-little-endian-512",
            "hash-mixed-big-endian-1024",
            "hash-one-bucket-512",
            "hash-growing-512",
            "hash-empty",
            "hash-few-65536",
            "btree-mixed-little-endian-512",
            "btree-mixed-big-endian-1024",
            "btree-many-512",
            "btree-empty",
            "btree-few-65536")
        .map(Sample::new);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aTransactionIsThereWholeOrNotAtAll(Sample sample) throws Exception {
    run(sample, new Random(sample.name().hashCode()), false);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void soItIsWhenThereIsNoRoomAndItIsMadeWhenThereIs(Sample sample) throws Exception {
    run(sample, new Random(sample.name().hashCode() + 1), true);
  }

  private void run(Sample sample, Random chance, boolean scarce) throws Exception {
    MemoryFiles start = new MemoryFiles(sample.bytes());
    RandomChanges random =
        new RandomChanges(
            chance.nextLong(), 512, Structure.check(sample.maptype(), start.content()));
    for (int i = 0; i < TRANSACTIONS; i++) {
      if (!scarce && i % 4 == 3) {
        start.replace(somebodyElses(sample, start.content(), random));
      }
      Map<String, String> before = new TreeMap<>(random.model());
      String[] keys = new String[CHANGES];
      for (int j = 0; j < CHANGES; j++) {
        keys[j] = random.next(i % 2 == 0 ? 8 : 3);
      }
      Map<String, String> after = random.model();
      boolean acknowledged = false;
      MemoryFiles files = start;
      int room = chance.nextInt(MOST_ROOM);
      boolean known = chance.nextBoolean();
      boolean full = false;
      for (int calls = 0; !acknowledged && !full; calls++) {
        files = start.afterKill().failAfter(calls);
        if (scarce) {
          files.leaveRoom(room, known);
        }
        acknowledged = change(sample, files, keys, after);
        check(sample, files.afterKill(), before, after, acknowledged);
        for (int loss = 0; loss < POWER_LOSSES; loss++) {
          check(sample, files.afterPowerLoss(chance), before, after, acknowledged);
        }
        full = !acknowledged && !files.hasFailed();
      }
      if (full) {
        files.failAfter(Integer.MAX_VALUE).leaveRoom(Long.MAX_VALUE, true);
        assertThat(change(sample, files, keys, after)).isTrue();
        check(sample, files.afterKill(), before, after, true);
      }
      start = files;
    }
  }

  /** The table after changes by somebody who doesn't know of the journal. */
  private static byte[] somebodyElses(Sample sample, byte[] content, RandomChanges random)
      throws Exception {
    MemoryFiles files = new MemoryFiles(content);
    String[] keys = {random.next(5), random.next(5)};
    assertThat(change(sample, files, keys, random.model())).isTrue();
    return files.content();
  }

  /** Whether the transaction was acknowledged. */
  private static boolean change(
      Sample sample, MemoryFiles files, String[] keys, Map<String, String> after)
      throws CorruptFileException {
    try (Transaction pages = new Transaction(sample.maptype(), files.journal())) {
      TableChanges changes = TableChanges.of(pages);
      for (String key : keys) {
        RandomChanges.make(changes, key, after);
      }
      pages.commit();
      return true;
    } catch (SystemCallException e) {
      return false;
    }
  }

  private void check(
      Sample sample,
      MemoryFiles files,
      Map<String, String> before,
      Map<String, String> after,
      boolean acknowledged)
      throws Exception {
    files.journal().recover();
    Map<String, String> pairs = Structure.check(sample.maptype(), files.content());
    assertThat(files.journal().isPending()).isFalse();
    if (acknowledged) {
      assertThat(pairs).isEqualTo(after);
    } else {
      assertThat(pairs).isIn(before, after);
    }
    if (acknowledged && Prerequisite.BERKELEY_DB.canCheck()) {
      BerkeleyDbTools.verify(Files.write(directory.resolve("recovered.db"), files.content()));
    }
  }
}
