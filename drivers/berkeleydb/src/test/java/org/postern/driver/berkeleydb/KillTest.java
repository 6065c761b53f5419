package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.kill.KillRounds;
import org.postern.testkit.kill.RebuildRounds;

/** Whenever a writing process is killed, the table is sound and has every acknowledged change. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(7200)
final class KillTest {
  private static final int PERCENT = 43;
  private static final int PERCENT_ANEW = 2;
  private static final int LONGEST_KEY = 3000; // too big for a page's own share

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void nothingThatWasAcknowledgedIsLost(String maptype) throws Exception {
    int rounds = KillRounds.count(PERCENT);
    KillRounds.Tally tally =
        new KillRounds(BerkeleyDbDriver.class, maptype, directory, LONGEST_KEY)
            .afterEach(KillTest::verify)
            .run(rounds);
    System.out.println(maptype + ": " + tally);
    assertThat(tally.acknowledged()).isGreaterThan(rounds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void aTableThatIsMadeAnewIsTheOldOneOrTheNewOne(String maptype) throws Exception {
    int rounds = KillRounds.count(PERCENT_ANEW);
    RebuildRounds.Tally tally =
        new RebuildRounds(new BerkeleyDbDriver(), maptype, directory)
            .afterEach(KillTest::verify)
            .run(rounds);
    System.out.println(maptype + ": " + tally);
    assertThat(tally.made()).isPositive();
  }

  private static void verify(Path name, int entries) throws Exception {
    if (Prerequisite.BERKELEY_DB.canCheck()) {
      BerkeleyDbTools.verify(Path.of(name + ".db"));
    }
  }
}
