package org.postern.driver.cdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.BulkLoad;
import org.postern.spi.TableFlags;
import org.postern.testkit.Bytes;
import org.postern.testkit.Postmap;
import org.postern.testkit.TestOpening;

/** A new table is byte for byte what postmap(1) makes of the same pairs. */
@Timeout(300)
final class RebuildTest {
  private static final Pattern TAB = Pattern.compile("\t");

  @TempDir Path directory;

  @ParameterizedTest(name = "{0} pairs, postmap {1}")
  @CsvSource({
    "0, -p",
    "1, -p",
    "1, -N",
    "500, -p",
    "500, -n",
    "500, -N",
    "500, -r",
    "500, -w",
    "20000, -r",
    "150000, -p",
  })
  void theFileIsPostmaps(int pairs, String option) throws Exception {
    Postmap postmap = Postmap.orSkip(directory, "cdb");
    Path theirs = directory.resolve("theirs");
    String source = source(pairs);
    Files.writeString(theirs, source, StandardCharsets.ISO_8859_1);
    assertThat(postmap.run(new byte[0], option, "cdb:" + theirs).status()).isZero();

    int flags =
        switch (option) {
          case "-N" -> TableFlags.DUP_WARN | TableFlags.TRY1NULL;
          case "-n" -> TableFlags.DUP_WARN | TableFlags.TRY0NULL;
          case "-r" -> TableFlags.DUP_REPLACE;
          case "-w" -> TableFlags.DUP_IGNORE;
          default -> TableFlags.DUP_WARN;
        };
    TestOpening opening = TestOpening.of("cdb", directory.resolve("ours"));
    try (BulkLoad load = new CdbDriver().rebuild(opening)) {
      for (String line : source.lines().toList()) {
        String[] pair = TAB.split(line, -1);
        load.put(Bytes.bytes(pair[0]), Bytes.bytes(pair[1]), flags);
      }
      load.commit();
    }
    assertThat(directory.resolve("ours.cdb"))
        .hasSameBinaryContentAs(directory.resolve("theirs.cdb"));
    assertThat(opening.warnings().stream().filter(line -> !line.contains(": duplicate entry: \"")))
        .isEmpty();
  }

  /** Some of the keys come again, and some values are long. */
  private static String source(int pairs) {
    Random random = new Random(pairs);
    StringBuilder source = new StringBuilder();
    for (int i = 0; i < pairs; i++) {
      int number = random.nextInt(10) == 0 ? random.nextInt(i + 1) : i;
      source
          .append("user")
          .append(number)
          .append("@example.com\t")
          .append("box".repeat(random.nextInt(40) == 0 ? 1000 : 1))
          .append(i)
          .append('\n');
    }
    return source.toString();
  }
}
