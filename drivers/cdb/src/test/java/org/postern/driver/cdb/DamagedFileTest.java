package org.postern.driver.cdb;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.DamagedTable;
import org.postern.testkit.TestOpening;

/** Whatever is in a file: lookups and walks end with a result. */
@Timeout(7200)
final class DamagedFileTest {
  private static final int FIRST_TABLE = 2048;

  private static final List<String> KEYS =
      IntStream.range(0, 40).mapToObj(i -> "user" + i * 50 + "@example.com").toList();

  @TempDir Path directory;

  @Test
  void bytesThatWereChangedHereAndThere() throws Exception {
    Random random = new Random(1);
    for (int round = 0; round < DamagedTable.count(); round++) {
      byte[] bytes = Sample.bytes(round % 5 == 0 ? "contract" : "many");
      for (int i = random.nextInt(1, 50); i > 0; i--) {
        bytes[random.nextInt(round % 2 == 0 ? FIRST_TABLE : bytes.length)] =
            (byte) random.nextInt();
      }
      int length = round % 3 == 0 ? random.nextInt(FIRST_TABLE, bytes.length) : bytes.length;
      Path file = Files.write(directory.resolve("damaged.cdb"), Arrays.copyOf(bytes, length));
      try (TestOpening opening = Sample.opening(file)) {
        DamagedTable.use(opening, new CdbDriver(), KEYS);
      }
    }
  }
}
