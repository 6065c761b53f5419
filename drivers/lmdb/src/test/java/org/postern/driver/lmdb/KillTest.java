package org.postern.driver.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.postern.platform.libc.LockableFile;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.kill.KillRounds;
import org.postern.testkit.kill.RebuildRounds;

/** Whenever a writing process is killed, the table is sound and has every acknowledged change. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(7200)
final class KillTest {
  private static final int PERCENT = 7;
  private static final int PERCENT_ANEW = 1;
  private static final int LONGEST_KEY = 510;

  @TempDir Path directory;

  @RepeatedTest(2)
  void nothingThatWasAcknowledgedIsLost() throws Exception {
    int rounds = KillRounds.count(PERCENT);
    KillRounds.Tally tally =
        new KillRounds(LmdbDriver.class, "lmdb", directory, LONGEST_KEY)
            .afterEach(KillTest::check)
            .run(rounds);
    System.out.println("lmdb: " + tally);
    assertThat(tally.acknowledged()).isGreaterThan(rounds);
  }

  @Test
  void aTableThatIsMadeAnewIsTheOldOneOrTheNewOne() throws Exception {
    RebuildRounds.Tally tally =
        new RebuildRounds(new LmdbDriver(), "lmdb", directory)
            .afterEach(KillTest::check)
            .run(KillRounds.count(PERCENT_ANEW));
    System.out.println("lmdb: " + tally);
    assertThat(tally.made()).isPositive();
  }

  /** No page is damaged or lost, for Postern's own check and for LMDB's programs. */
  private static void check(Path name, int entries) throws Exception {
    Path path = Path.of(name + ".lmdb");
    try (LockableFile file = LockableFile.open(path)) {
      FileCheck.check(file);
    }
    if (Prerequisite.LMDB.canCheck()) {
      assertThat(LmdbTools.run("mdb_stat", "-n", path.toString()))
          .contains("Entries: " + entries + "\n");
      assertThat(LmdbTools.run("mdb_dump", "-n", "-p", path.toString()).lines())
          .filteredOn(line -> line.startsWith(" "))
          .hasSize(2 * entries);
    }
  }
}
