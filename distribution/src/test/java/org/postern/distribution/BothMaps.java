package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.postern.testkit.Prerequisite;

/**
 * {@code postern map} and postmap(1), given the same sources, options and input, each in a
 * directory of its own. Arguments have {@code @} for the directory.
 */
final class BothMaps {
  static final List<String> TYPES = List.of("hash", "btree", "cdb", "lmdb");

  private static final Map<String, String> SUFFIXES =
      Map.of("hash", ".db", "btree", ".db", "cdb", ".cdb", "lmdb", ".lmdb");

  private final String postern;
  private final Path postmaps;
  private final Path posterns;

  /**
   * Makes the two directories, with one for each type in them.
   *
   * @param directory that the two are made in
   */
  BothMaps(Path directory) throws Exception {
    this(directory, PosternProcess.COMMAND);
  }

  /**
   * Makes the directories.
   *
   * @param postern the program
   */
  BothMaps(Path directory, String postern) throws Exception {
    this.postern = postern;
    this.postmaps = Files.createDirectory(directory.resolve("postmap"));
    this.posterns = Files.createDirectory(directory.resolve("postern"));
    for (Path own : directories()) {
      for (String type : TYPES) {
        Files.createDirectory(own.resolve(type));
      }
    }
  }

  /** Postmap's, then Postern's. */
  List<Path> directories() {
    return List.of(postmaps, posterns);
  }

  /** Postern's. */
  Path posterns() {
    return posterns;
  }

  /** Writes a file into both directories; {@code DIR} in it stands for the directory. */
  void write(String name, String content) throws Exception {
    for (Path own : directories()) {
      Files.writeString(
          own.resolve(name), content.replace("DIR", own.toString()), StandardCharsets.ISO_8859_1);
    }
  }

  /** Writes the source of a table for each type. */
  void writeSources(String name, String content) throws Exception {
    for (String type : TYPES) {
      write(type + "/" + name, content);
    }
  }

  /** A table with a source of that name. */
  static String table(String type, String name) {
    return type + ":@" + type + "/" + name;
  }

  /** One table for each type. */
  static List<String> tables(String name) {
    return TYPES.stream().map(type -> table(type, name)).toList();
  }

  /** The file of a table in one of the directories. */
  static Path file(Path own, String table) {
    String type = table.substring(0, table.indexOf(':'));
    return own.resolve(table.substring(table.indexOf('@') + 1) + SUFFIXES.get(type));
  }

  private static Postfix.Outcome run(
      List<String> program, Path own, String input, List<String> words) throws Exception {
    List<String> command = new ArrayList<>(program);
    words.forEach(word -> command.add(word.replace("@", own + "/")));
    Postfix.Outcome outcome = Postfix.run(command, input, Map.of());
    return new Postfix.Outcome(
        outcome.status(),
        outcome.out(),
        outcome
            .err()
            .replaceAll("(?m)^(postmap|postern map): ", "")
            .replace(own.toString(), "DIR"));
  }

  Postfix.Outcome postmap(String input, List<String> arguments) throws Exception {
    return run(List.of("postmap"), postmaps, input, arguments);
  }

  Postfix.Outcome postern(String input, String... arguments) throws Exception {
    return postern(input, Arrays.asList(arguments));
  }

  Postfix.Outcome postern(String input, List<String> arguments) throws Exception {
    return run(List.of(postern, "map"), posterns, input, arguments);
  }

  /** What postmap(1) says of Postern's tables. */
  Postfix.Outcome postmapOfPosterns(String input, String... arguments) throws Exception {
    return run(List.of("postmap"), posterns, input, Arrays.asList(arguments));
  }

  Postfix.Outcome same(String input, String... arguments) throws Exception {
    return same(input, Arrays.asList(arguments));
  }

  /** Both at once, since postmap(1) waits for a second before it ends with an error. */
  Postfix.Outcome same(String input, List<String> arguments) throws Exception {
    FutureTask<Postfix.Outcome> expected = begin(() -> postmap(input, arguments));
    Postfix.Outcome outcome = postern(input, arguments);
    assertThat(outcome).as("%s", arguments).isEqualTo(expected.get());
    return outcome;
  }

  static <T> FutureTask<T> begin(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().start(task);
    return task;
  }

  /** What Postfix's own postmap(1) finds in the tables that both have made. */
  void sameTables(List<String> tables) throws Exception {
    for (String table : tables) {
      Path file = file(posterns, table);
      if (table.startsWith("cdb:")) { // which postmap(1) cannot list
        assertThat(file).hasSameBinaryContentAs(file(postmaps, table));
        continue;
      }
      Postfix.Outcome expected = postmap("", List.of("-s", table));
      Postfix.Outcome made = postmapOfPosterns("", "-s", table);
      assertThat(made.status()).as(table).isEqualTo(expected.status());
      assertThat(made.out().lines().sorted())
          .as(table)
          .isEqualTo(expected.out().lines().sorted().toList());
      if (!table.startsWith("lmdb:") && Prerequisite.BERKELEY_DB.canCheck()) {
        verify(file);
      }
    }
  }

  private static void verify(Path file) throws Exception {
    Postfix.Outcome verified = Postfix.run(List.of("db5.3_verify", file.toString()), "");
    assertThat(verified.status()).as(verified.err()).isZero();
  }
}
