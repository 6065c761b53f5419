package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testkit.Prerequisite;

/**
 * {@code postern map} and postmap(1) print the same, end alike, and leave tables that postmap(1)
 * finds alike. Where the options allow it, one run is for the tables of all types: a run costs the
 * start of a Java virtual machine.
 */
@Timeout(600)
class MapIT {
  private static final String SOURCE =
      """
      # comment

        leading white space
      key value
      KEY2   Value Two\s\s
      key dup
      alias: x
      keyonly
      "quoted key" qv
      "unbalanced key v
      latin\u00e9 v
      cont first
         second
      # between
         third
      "a\\"b" v
      empty ""
      \\ v
      : v
      "" v
      """;

  /** For -F: names of files in place of values. */
  private static final String FILES =
      """
      one DIR/f1
      two DIR/f1 DIR/f2,  DIR/f1
      three DIR/f1,nonexist
      four ,
      five /tmp
      six DIR/f1,DIR/f2
      """;

  private static final String ADDED = "key 9\nc 3\nc 4\nbad\n";

  private static final String LONG_KEY = "k".repeat(511);

  @TempDir private Path directory;

  private BothMaps maps;

  @BeforeAll
  static void postfixIsHere() {
    Prerequisite.POSTMAP.mustBeHere();
    Prerequisite.POSTFIX_CDB.mustBeHere();
    Prerequisite.POSTFIX_LMDB.mustBeHere();
  }

  @BeforeEach
  void makeDirectories() throws Exception {
    maps = new BothMaps(directory);
  }

  private static List<String> with(List<String> tables, String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(tables);
    return arguments;
  }

  private static List<String> changeable(String name) {
    return BothMaps.tables(name).stream().filter(table -> !table.startsWith("cdb:")).toList();
  }

  @Test
  void tablesAreMade() throws Exception {
    maps.writeSources("source", SOURCE);
    for (String option : List.of("-p", "-r", "-w", "-f", "-u", "-n", "-N")) {
      maps.same("", with(BothMaps.tables("source"), option));
      maps.sameTables(BothMaps.tables("source"));
    }
    maps.same("", "hash:@nonexistent");
  }

  @Test
  void tablesAreAsked() throws Exception {
    maps.writeSources("source", SOURCE);
    maps.same("", with(BothMaps.tables("source"), "-p"));
    for (String type : BothMaps.TYPES) {
      String table = BothMaps.table(type, "source");
      maps.same("key\nnone\nkey2\nquoted key\n\nKEY", "-q", "-", table);
      maps.same("", "-q", "key", type + ":@nonexistent");
      maps.same("", "-s", type + ":@nonexistent");
    }
    maps.same("", "-q", "key", BothMaps.table("hash", "source"));
    maps.same("", "-q", "KEY", BothMaps.table("btree", "source"));
    maps.same("", "-q", "quoted key", BothMaps.table("cdb", "source"));
    maps.same("", "-q", "none", BothMaps.table("lmdb", "source"));
    maps.same("key\nnone\n", with(BothMaps.tables("source"), "-q", "-"));
  }

  @Test
  void tablesAreChanged() throws Exception {
    maps.writeSources("source", SOURCE);
    List<String> tables = changeable("source");
    maps.same("", with(tables, "-p"));
    for (String option : List.of("-i", "-ir", "-iw")) {
      for (String table : tables) {
        maps.same(ADDED, option, table);
      }
      maps.sameTables(tables);
    }
    maps.same("", with(tables, "-d", "key"));
    maps.same("", with(tables, "-d", "key"));
    maps.same("key2\nnone\nalias:\n", with(tables, "-d", "-"));
    maps.sameTables(tables);
  }

  @Test
  void valuesAreInFiles() throws Exception {
    maps.write("f1", "content");
    maps.write("f2", "second\nline\n");
    maps.writeSources("files", FILES);
    maps.same("", with(BothMaps.tables("files"), "-F"));
    maps.sameTables(BothMaps.tables("files"));
    for (String type : BothMaps.TYPES) {
      maps.same("one\ntwo\n", "-Fq", "-", BothMaps.table(type, "files"));
    }
    maps.same("", "-Fq", "two", BothMaps.table("hash", "files"));
  }

  /** With a NUL at its end, this one is as long as LMDB cannot have it. */
  @Test
  void aKeyThatIsTooLongForLmdbIsRefusedAndNamed() throws Exception {
    String source = BothMaps.table("lmdb", "source");
    maps.writeSources("source", "old 1\n");
    maps.same("", source);
    maps.writeSources("source", "first 1\n" + LONG_KEY + " 2\n");
    assertThat(maps.postmap("", List.of(source)).status()).isOne();
    Postfix.Outcome refused = maps.postern("", source);
    assertThat(refused.status()).isOne();
    assertThat(refused.err())
        .isEqualTo(
            "fatal: DIR/lmdb/source, line 2: lmdb:DIR/lmdb/source: the key \""
                + "k".repeat(60)
                + "...\" of 511 bytes cannot be stored: 1 to 510 can\n");
    maps.sameTables(List.of(source));
    assertThat(maps.postmapOfPosterns("", "-q", "old", source).out()).isEqualTo("1\n");

    String hash = BothMaps.table("hash", "source");
    maps.same("", hash);
    maps.same("", "-q", LONG_KEY, hash);
    Postfix.Outcome converted = maps.postern("", "--convert", hash, source);
    assertThat(converted.status()).isOne();
    assertThat(converted.out()).isEmpty();
    assertThat(converted.err())
        .isEqualTo(
            "fatal: lmdb:DIR/lmdb/source: the key \""
                + "k".repeat(60)
                + "...\" of 511 bytes cannot be stored: 1 to 510 can\n");
    assertThat(maps.postmapOfPosterns("", "-q", "old", source).out()).isEqualTo("1\n");
    maps.same("", "-n", source);
    maps.sameTables(List.of(source));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lmdb", "btree", "cdb"})
  void aTableIsConvertedAndCompared(String maptype) throws Exception {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      many.append("key").append(i).append(" value ").append(i).append('\n');
    }
    maps.write("source", many.toString());
    maps.postmapOfPosterns("", "hash:@source");
    Postfix.Outcome converted = maps.postern("", "--convert", "hash:@source", maptype + ":@target");
    assertThat(converted.err()).isEmpty();
    assertThat(converted.status()).isZero();
    assertThat(converted.out())
        .contains("2000 pairs read", "2000 pairs stored, all read back and compared");
    assertThat(maps.postmapOfPosterns("", "-q", "key1999", maptype + ":@target").out())
        .isEqualTo("value 1999\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree", "cdb", "lmdb"})
  void whoReadsATableWhileItIsMadeAnewFindsTheOldOneOrTheNewOne(String maptype) throws Exception {
    String table = maptype + ":@source";
    maps.write("source", source("old"));
    assertThat(maps.postmapOfPosterns("", table).status()).isZero();
    maps.write("source", source("new"));
    Process rebuild =
        new ProcessBuilder(PosternProcess.COMMAND, "map", table.replace("@", maps.posterns() + "/"))
            .start();
    boolean seenNew = false;
    while (rebuild.isAlive() || !seenNew) {
      boolean ended = !rebuild.isAlive();
      List<String> found =
          maps.postmapOfPosterns("first\nmiddle\nlast\n", "-q", "-", table)
              .out()
              .lines()
              .map(line -> line.substring(line.indexOf('\t') + 1))
              .distinct()
              .toList();
      assertThat(found).as("one of the two, whole").hasSize(1).isSubsetOf("old", "new");
      seenNew |= found.contains("new");
      if (ended && !seenNew) {
        fail("the new table was not seen");
      }
    }
    assertThat(rebuild.exitValue()).isZero();
  }

  private static String source(String value) {
    StringBuilder lines = new StringBuilder("first ").append(value).append('\n');
    for (int i = 0; i < 20_000; i++) {
      lines.append("key").append(i).append(' ').append(value).append('\n');
      if (i == 10_000) {
        lines.append("middle ").append(value).append('\n');
      }
    }
    return lines.append("last ").append(value).append('\n').toString();
  }
}
