package org.postern.driver.cdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.kill.KillRounds;
import org.postern.testkit.kill.RebuildRounds;

/**
 * Whenever a process that makes a table anew is killed, the table is the old one or the new one.
 */
@Timeout(7200)
final class KillTest {
  private static final int PERCENT = 1;

  @TempDir private Path directory;

  @Test
  void aTableThatIsMadeAnewIsTheOldOneOrTheNewOne() throws Exception {
    RebuildRounds.Tally tally =
        new RebuildRounds(new CdbDriver(), "cdb", directory).run(KillRounds.count(PERCENT));
    System.out.println("cdb: " + tally);
    assertThat(tally.made()).isPositive();
  }
}
