package org.postern.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.testkit.Bytes;
import org.postern.testkit.Postmap;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.TestOpening;
import org.postern.testkit.Walk;

/**
 * Round after round, a process that makes a table anew in a loop is killed by SIGKILL at a random
 * moment, while the table is read. Readers find the old content or the new one; the table that is
 * left is all of the last one that was made, or of the one after; and whoever makes it anew next
 * can, and leaves nothing else in the directory.
 */
public final class RebuildRounds {
  private static final int MOST_MADE = 2;
  private static final int KEYS_AT_ONCE = 10;
  private static final int KILLED = 128 + 9;
  private static final long BETWEEN_READS = TimeUnit.MILLISECONDS.toNanos(5);

  private final TableDriver driver;
  private final String maptype;
  private final Path directory;
  private final Random random = new Random();
  private Path name = Path.of("");
  private KillRounds.Check check = (table, entries) -> {};
  private long nanosToMake = TimeUnit.MILLISECONDS.toNanos(20);
  private long reads;

  /**
   * @param driver has a public constructor without parameters
   * @param directory where tables are made
   */
  public RebuildRounds(TableDriver driver, String maptype, Path directory) {
    this.driver = driver;
    this.maptype = maptype;
    this.directory = directory;
  }

  /** Has something else checked after each round. */
  public RebuildRounds afterEach(KillRounds.Check other) {
    this.check = other;
    return this;
  }

  /**
   * What there was to see.
   *
   * @param made how many tables were made by processes that were killed
   * @param leftFiles in how many rounds the killed process left an unfinished file; none for a type
   *     that is written in its place
   * @param reads how often a table was read meanwhile
   */
  public record Tally(int rounds, int made, int leftFiles, long reads) {}

  /** Fails when a table is not whole. */
  public Tally run(int rounds) throws Exception {
    name = Files.createDirectory(directory.resolve("tables")).resolve("table");
    WriterProgram program = new WriterProgram(directory, KilledRebuild.class);
    Generation now = makeAnew(new Generation(1));
    int made = 0;
    int leftFiles = 0;
    for (int round = 0; round < rounds; round++) {
      int acknowledged = killOne(program, now, (round + 1) % (MOST_MADE + 1));
      made += acknowledged;
      leftFiles += unfinished().isEmpty() ? 0 : 1;
      Generation left = content();
      assertThat(left.number() - now.number()).isBetween(acknowledged, acknowledged + 1);
      now = makeAnew(left.next());
      check.check(name, now.entries());
    }
    askPostmap(now);
    return new Tally(rounds, made, leftFiles, reads);
  }

  private List<String> arguments(Path table, int first) {
    return List.of(driver.getClass().getName(), maptype, table.toString(), "" + first);
  }

  /**
   * Has a process make tables and be killed, and reads meanwhile.
   *
   * @param wanted how many it makes at least
   * @return how many it had made
   */
  private int killOne(WriterProgram program, Generation now, int wanted) throws Exception {
    Process process = program.start(arguments(name, now.number() + 1));
    try (InputStream output = process.getInputStream()) {
      assertThat(output.read()).as(program::errors).isEqualTo(KilledRebuild.BEGUN);
      long begun = System.nanoTime();
      Generation seen = now;
      while (output.available() < wanted) {
        assertThat(process.isAlive()).as(program::errors).isTrue();
        seen = read(seen);
      }
      if (wanted > 0) {
        nanosToMake = (System.nanoTime() - begun) / wanted;
      }
      long end = System.nanoTime() + random.nextLong(2 * nanosToMake);
      while (System.nanoTime() < end) {
        seen = read(seen);
      }
      process.toHandle().destroyForcibly(); // unlike that of process itself, leaves the pipe open
      return output.readAllBytes().length;
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor()).as(program::errors).isEqualTo(KILLED);
    }
  }

  /**
   * Looks some keys up, as a reader who has just come.
   *
   * @param seen what was there before: nothing older may be found now
   */
  private Generation read(Generation seen) throws Exception {
    LockSupport.parkNanos(BETWEEN_READS);
    try (TestOpening opening = TestOpening.of(maptype, name)) {
      Table table = opening.open(driver);
      Generation newest = seen;
      for (int i = 0; i < KEYS_AT_ONCE; i++) {
        int index = random.nextInt(Generation.LEAST_PAIRS);
        LookupResult result = table.lookup(Bytes.bytes(Generation.key(index)), table.flags());
        assertThat(result).as(Generation.key(index)).isInstanceOf(Found.class);
        Generation found = Generation.ofValue(index, Bytes.text(((Found) result).value()));
        assertThat(found.number()).isGreaterThanOrEqualTo(newest.number());
        newest = found;
        reads++;
      }
      return newest;
    }
  }

  private Generation content() throws Exception {
    try (TestOpening opening = TestOpening.of(maptype, name)) {
      return Generation.ofWalk(Walk.through(opening.open(driver)));
    }
  }

  private Generation makeAnew(Generation next) throws Exception {
    try (TestOpening opening = TestOpening.of(maptype, name)) {
      next.store(driver, opening);
    }
    assertThat(content()).isEqualTo(next);
    assertThat(unfinished()).as("left behind").isEmpty();
    return next;
  }

  /** The files beside the table that are Postern's own. */
  private List<Path> unfinished() throws IOException {
    try (Stream<Path> files = Files.list(name.getParent())) {
      return files.filter(file -> file.toString().contains(".postern-")).toList();
    }
  }

  private void askPostmap(Generation now) throws Exception {
    if (Prerequisite.postfixCanCheck(maptype)) {
      String keys =
          IntStream.range(0, now.entries())
              .mapToObj(index -> Generation.key(index) + '\n')
              .collect(Collectors.joining());
      Postmap.Output output =
          Postmap.orSkip(directory).run(Bytes.bytes(keys), "-q", "-", maptype + ":" + name);
      assertThat(output.text().lines().map(line -> line.replace('\t', '='))).isEqualTo(now.walk());
    }
  }
}
