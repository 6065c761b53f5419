package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code postern map} and postmap(1) are given the same sources, options and input, each in a
 * directory of its own: they print the same, end alike, and leave tables that postmap(1) finds
 * alike.
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
      "one f1\ntwo f1 f2,  f1\nthree f1,nonexist\nfour ,\nfive /tmp\nsix f1,f2\n";

  private static final String ADDED = "key 9\nc 3\nc 4\nbad\n";

  @TempDir private Path directory;

  private Path postmaps;
  private Path posterns;

  @BeforeAll
  static void postfixIsHere() {
    Postfix.mustBeHere();
  }

  @BeforeEach
  void makeDirectories() throws Exception {
    postmaps = Files.createDirectories(directory.resolve("postmap"));
    posterns = Files.createDirectories(directory.resolve("postern"));
  }

  private void write(String name, String content) throws Exception {
    for (Path own : List.of(postmaps, posterns)) {
      Files.writeString(own.resolve(name), content, StandardCharsets.ISO_8859_1);
    }
  }

  /** Arguments have {@code @} for the directory. */
  private static Postfix.Outcome run(List<String> program, Path own, String input, String... words)
      throws Exception {
    List<String> command = new ArrayList<>(program);
    for (String word : words) {
      command.add(word.replace("@", own + "/"));
    }
    Postfix.Outcome outcome = Postfix.run(command, input, Map.of());
    return new Postfix.Outcome(
        outcome.status(),
        outcome.out(),
        outcome
            .err()
            .replaceAll("(?m)^(postmap|postern map): ", "")
            .replace(own.toString(), "DIR"));
  }

  private Postfix.Outcome postmap(String input, String... arguments) throws Exception {
    return run(List.of("postmap"), postmaps, input, arguments);
  }

  private Postfix.Outcome postern(String input, String... arguments) throws Exception {
    return run(List.of(PosternProcess.COMMAND, "map"), posterns, input, arguments);
  }

  private void same(String input, String... arguments) throws Exception {
    assertThat(postern(input, arguments))
        .as("%s", Arrays.asList(arguments))
        .isEqualTo(postmap(input, arguments));
  }

  /** What Postfix's own postmap(1) finds in the tables that both have made. */
  private void sameTables(String table) throws Exception {
    Postfix.Outcome expected = postmap("", "-s", table);
    Postfix.Outcome made = run(List.of("postmap"), posterns, "", "-s", table);
    assertThat(made.status()).isEqualTo(expected.status());
    assertThat(made.out().lines().sorted()).isEqualTo(expected.out().lines().sorted().toList());
    Path file = posterns.resolve(table.substring(table.indexOf('@') + 1) + ".db");
    if (Files.exists(file)) {
      Postfix.Outcome verified = Postfix.run(List.of("db5.3_verify", file.toString()), "");
      assertThat(verified.status()).as(verified.err()).isZero();
    }
    Path cdb = posterns.resolve(table.substring(table.indexOf('@') + 1) + ".cdb");
    if (Files.exists(cdb)) {
      assertThat(cdb).hasSameBinaryContentAs(postmaps.resolve(cdb.getFileName()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree", "cdb", "lmdb"})
  void whatPostmapDoes(String maptype) throws Exception {
    write("source", SOURCE);
    write("files", FILES);
    write("f1", "content");
    write("f2", "second\nline\n");
    String table = maptype + ":@source";
    for (String option : List.of("-p", "-r", "-w", "-f", "-u", "-n", "-N")) {
      same("", option, table);
      sameTables(table);
    }
    for (String key : List.of("key", "KEY", "quoted key", "none")) {
      same("", "-q", key, table);
    }
    same("key\nnone\nkey2\n\nKEY", "-q", "-", table);
    if (!maptype.equals("cdb")) {
      for (String option : List.of("-i", "-ir", "-iw")) {
        same(ADDED, option, table);
        sameTables(table);
      }
      same("", "-d", "key", table);
      same("", "-d", "key", table);
      same("key2\nnone\nalias:\n", "-d", "-", table);
      sameTables(table);
    }
    String files = maptype + ":@files";
    same("", "-F", files);
    same("", "-Fq", "two", files);
    same("one\ntwo\n", "-Fq", "-", files);
    sameTables(files);
    same("", maptype + ":@nonexistent");
    same("", "-q", "key", maptype + ":@nonexistent");
    same("", "-s", maptype + ":@nonexistent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lmdb", "btree", "cdb"})
  void aTableIsConvertedAndCompared(String maptype) throws Exception {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      many.append("key").append(i).append(" value ").append(i).append('\n');
    }
    write("source", many.toString());
    run(List.of("postmap"), posterns, "", "hash:@source");
    Postfix.Outcome converted = postern("", "--convert", "hash:@source", maptype + ":@source");
    assertThat(converted.err()).isEmpty();
    assertThat(converted.status()).isZero();
    assertThat(converted.out())
        .contains("2000 pairs read", "2000 pairs stored, all read back and compared");
    assertThat(run(List.of("postmap"), posterns, "", "-q", "key1999", maptype + ":@source").out())
        .isEqualTo("value 1999\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree", "cdb", "lmdb"})
  void whoReadsATableWhileItIsMadeAnewFindsTheOldOneOrTheNewOne(String maptype) throws Exception {
    String table = maptype + ":@source";
    write("source", source("old"));
    assertThat(postern("", table).status()).isZero();
    write("source", source("new"));
    Process rebuild =
        new ProcessBuilder(PosternProcess.COMMAND, "map", table.replace("@", posterns + "/"))
            .start();
    boolean seenNew = false;
    while (rebuild.isAlive() || !seenNew) {
      boolean ended = !rebuild.isAlive();
      List<String> found =
          run(List.of("postmap"), posterns, "first\nmiddle\nlast\n", "-q", "-", table)
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
