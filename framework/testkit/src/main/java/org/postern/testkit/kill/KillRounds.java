package org.postern.testkit.kill;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.postern.spi.Access;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.testkit.TestOpening;
import org.postern.testkit.Walk;

/**
 * Round after round, a process that changes a table in several threads is killed by SIGKILL at a
 * random moment: while it opens the table, or some milliseconds later. Then the table is opened, in
 * every other round by a reader first, and must hold every change that was acknowledged, and
 * nothing else but for the changes in flight. Now and then a table is begun anew.
 */
public final class KillRounds {
  private static final String COUNT = "postern.kills";
  private static final int DEFAULT_COUNT = 1000;

  private static final int CHANGES_TO_LEARN_FROM = 100;
  private static final int WRITERS = 4;
  private static final int ROUNDS_OF_A_TABLE = 50;

  private final Class<? extends TableDriver> driver;
  private final String maptype;
  private final Path directory;
  private final int longestKey;
  private final int seed = new Random().nextInt();
  private Check check = (name, entries) -> {};

  /**
   * @param driver has a constructor without parameters
   * @param directory where tables are made
   * @param longestKey that the type can have, bytes; at least 20
   */
  public KillRounds(
      Class<? extends TableDriver> driver, String maptype, Path directory, int longestKey) {
    this.driver = driver;
    this.maptype = maptype;
    this.directory = directory;
    this.longestKey = longestKey;
  }

  /**
   * A part of all rounds that there are to be for all types: the system property {@code
   * postern.kills}.
   */
  public static int count(int percent) {
    return Integer.getInteger(COUNT, DEFAULT_COUNT) * percent / 100;
  }

  /** What else must hold after a round, when no process has the table open. */
  public interface Check {
    /**
     * Fails if it does not.
     *
     * @param name the table's
     * @param entries how many it has
     */
    void check(Path name, int entries) throws Exception;
  }

  /** Has something checked after each round. */
  public KillRounds afterEach(Check other) {
    this.check = other;
    return this;
  }

  /**
   * What there was to see.
   *
   * @param whileOpening in how many rounds the table had not been opened when the kill came
   * @param acknowledged how many changes were
   * @param made how many changes were found made that had not been acknowledged
   */
  public record Tally(int rounds, int whileOpening, long acknowledged, int made) {}

  /** Fails when something is lost. */
  public Tally run(int rounds) throws Exception {
    KilledProcess process =
        new KilledProcess(
            new WriterProgram(directory, KilledWriter.class)
                .learn(CHANGES_TO_LEARN_FROM, arguments(directory.resolve("training"), 0)));
    Expected expected = new Expected();
    int whileOpening = 0;
    long acknowledged = 0;
    int made = 0;
    for (int round = 0; round < rounds; round++) {
      boolean isNew = round % ROUNDS_OF_A_TABLE == 0;
      if (isNew) {
        expected = new Expected();
      }
      Path name = directory.resolve("table" + round / ROUNDS_OF_A_TABLE);
      KilledProcess.Ended ended =
          process.run(isNew || round % 4 == 3, arguments(name, seed + round));
      whileOpening += ended.whileOpening() ? 1 : 0;
      acknowledged += ended.replies().size();
      expected.make(ended.replies(), writers(seed + round));
      if (round % 2 == 1) {
        made += expected.settle(content(name, Access.READ_ONLY));
      }
      made += expected.settle(content(name, Access.READ_WRITE));
      check.check(name, expected.size());
    }
    return new Tally(rounds, whileOpening, acknowledged, made);
  }

  private List<String> arguments(Path name, int roundSeed) {
    return List.of(
        driver.getName(), maptype, name.toString(), "" + roundSeed, "" + WRITERS, "" + longestKey);
  }

  private List<RandomWrites> writers(int roundSeed) {
    return IntStream.range(0, WRITERS)
        .mapToObj(writer -> new RandomWrites(roundSeed, writer, longestKey))
        .toList();
  }

  private Map<String, String> content(Path name, Access access) throws Exception {
    try (TestOpening opening = TestOpening.of(maptype, name).access(access)) {
      Table table = opening.open(driver.getDeclaredConstructor().newInstance());
      Map<String, String> content = new HashMap<>();
      for (String entry : Walk.through(table)) {
        int value = entry.indexOf('=');
        if (content.put(entry.substring(0, value), entry.substring(value + 1)) != null) {
          throw new AssertionError("twice: " + entry);
        }
      }
      return content;
    }
  }
}
