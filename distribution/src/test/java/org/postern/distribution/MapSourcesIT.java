package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.testkit.Prerequisite;

/**
 * Of whatever source, {@code postern map} and postmap(1) make the same table, with the same
 * messages and exit status. Many sources are made into tables by one run.
 */
@Timeout(600)
class MapSourcesIT {
  private static final int SOURCES = Integer.getInteger("postern.sources", 80);

  /** Of keys, so that what Postern adds to one still fits into an lmdb table. */
  private static final int LONGEST_LMDB_KEY = 500;

  private static final int LONGEST_KEY = 5000;

  private static final Pattern NOT_ASCII = Pattern.compile("[?\\x80-\\xff]+");

  /** So much of each message. */
  private static final int COMPARED = 1500;

  @TempDir private Path directory;

  @BeforeAll
  static void postfixIsHere() {
    Prerequisite.POSTMAP.mustBeHere();
  }

  @ParameterizedTest
  @CsvSource({
    "hash, -p, 1",
    "hash, -r, 2",
    "btree, -p, 3",
    "btree, -f, 4",
    "cdb, -p, 5",
    "cdb, -wn, 6",
    "lmdb, -w, 7",
    "lmdb, -uN, 8"
  })
  void theSameTablesAndMessages(String type, String option, long seed) throws Exception {
    Prerequisite.postfixMustHave(type);
    BothMaps maps = new BothMaps(directory);
    RandomSource sources =
        new RandomSource(seed, type.equals("lmdb") ? LONGEST_LMDB_KEY : LONGEST_KEY);
    List<String> tables =
        IntStream.range(0, SOURCES).mapToObj(i -> BothMaps.table(type, "source" + i)).toList();
    for (int i = 0; i < SOURCES; i++) {
      maps.write(type + "/source" + i, sources.next());
    }
    List<String> arguments = new ArrayList<>(tables);
    arguments.addFirst(option);
    FutureTask<Postfix.Outcome> begun = BothMaps.begin(() -> maps.postmap("", arguments));
    Postfix.Outcome made = maps.postern("", arguments);
    Postfix.Outcome expected = begun.get();
    assertThat(messages(made)).containsExactlyElementsOf(messages(expected));
    assertThat(made.status()).isEqualTo(expected.status()).isZero();
    assertThat(made.out()).isEqualTo(expected.out());
    sameContents(maps, type, tables);
  }

  /**
   * Postfix shows some bytes as they are that are no UTF-8, where Postern shows a question mark;
   * and Postern's lines have at most 2,000 bytes.
   */
  private static List<String> messages(Postfix.Outcome outcome) {
    return outcome
        .err()
        .lines()
        .map(line -> NOT_ASCII.matcher(line).replaceAll("?"))
        .map(line -> line.substring(0, Math.min(line.length(), COMPARED)))
        .toList();
  }

  /** By postmap(1), in one shell for all tables of a directory. */
  private static void sameContents(BothMaps maps, String type, List<String> tables)
      throws Exception {
    if (type.equals("cdb")) { // which postmap(1) cannot list
      maps.sameTables(tables);
      return;
    }
    List<List<String>> contents = new ArrayList<>();
    for (Path own : maps.directories()) {
      StringBuilder script = new StringBuilder("set -e\n");
      for (String table : tables) {
        String name = table.replace("@", own + "/");
        script.append("echo '%%%% %s'\npostmap -s %s | sort\n".formatted(table, name));
        if (!type.equals("lmdb") && Prerequisite.BERKELEY_DB.canCheck()) {
          script.append("db5.3_verify -q " + BothMaps.file(own, table) + "\n");
        }
      }
      Path file = Files.writeString(own.resolve("list"), script, StandardCharsets.ISO_8859_1);
      Postfix.Outcome outcome = Postfix.run(List.of("/bin/sh", file.toString()), "");
      assertThat(outcome.status()).as(outcome.err()).isZero();
      contents.add(outcome.out().lines().toList());
    }
    assertThat(contents.getLast()).containsExactlyElementsOf(contents.getFirst());
    assertThat(contents.getLast()).as("pairs").hasSizeGreaterThan(3 * SOURCES);
  }
}
