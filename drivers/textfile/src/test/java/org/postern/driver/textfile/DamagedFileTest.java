package org.postern.driver.textfile;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.TableFlags;
import org.postern.testkit.DamagedTable;
import org.postern.testkit.DamagedText;
import org.postern.testkit.TestOpening;

/** Whatever is in a file: it opens or says why not, and lookups and walks end with a result. */
@Timeout(7200)
final class DamagedFileTest {
  private static final String SOUND =
      """
      # head
      alpha one
      beta\ttwo words
      "quoted key" three
      "with \\" quote" four
      Upper UPPER
      long\ta value that goes
        on and on
      # between
      \tand on

      empty
      gr\u00c3\u00b6\u00c3\u009fe utf8
      latin\u00e4 latin1
      last end
      """;

  private static final List<String> KEYS =
      List.of("alpha", "beta", "quoted key", "long", "upper", "empty", "", "gr\u00c3\u00b6");

  private static final int[] FLAGS = {
    TableFlags.DUP_WARN,
    TableFlags.DUP_WARN | TableFlags.FOLD_FIX,
    TableFlags.DUP_REPLACE | TableFlags.FOLD_FIX | TableFlags.UTF8_REQUEST,
    TableFlags.DUP_IGNORE | TableFlags.UTF8_REQUEST,
    0
  };

  @TempDir Path directory;

  @Test
  void textThatWasChangedHereAndThere() throws Exception {
    Random random = new Random(20261126);
    DamagedText damaged = new DamagedText(random, "\" \t\n\r\0\\#={}a\u00c3");
    for (int round = 0; round < DamagedTable.count(); round++) {
      Path file = Sources.write(directory.resolve("table"), damaged.damage(SOUND));
      try (TestOpening opening =
          TestOpening.of("texthash", file).instanceFlags(FLAGS[round % FLAGS.length])) {
        DamagedTable.use(opening, new TexthashDriver(), KEYS);
      }
    }
  }
}
