package org.postern.driver.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.platform.text.Braces;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.Table;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Bytes;
import org.postern.testkit.Postmap;
import org.postern.testkit.TestOpening;

/**
 * The same rule files put to postmap(1) and to the drivers: the same answers, the same warnings.
 */
final class PostmapComparisonTest {
  private static final int ROUNDS = 40;
  private static final int RULES = 40;
  private static final int KEYS = 120;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void randomRulesAndKeys(RuleType type) throws Exception {
    Postmap postmap = Postmap.orSkip(directory, type.maptype());
    Random random = new Random(20261124);
    int found = 0;
    for (int round = 0; round < ROUNDS; round++) {
      RandomRules generator = type.random(random);
      String rules = Stream.generate(generator::line).limit(RULES).collect(Collectors.joining());
      List<String> keys = Stream.generate(generator::key).limit(KEYS).distinct().toList();
      found += compare(postmap, type, rules, keys);
    }
    assertThat(found).as("enough matches to mean something").isGreaterThan(ROUNDS * KEYS / 20);
  }

  static Stream<Arguments> peculiar() {
    return PeculiarRules.all();
  }

  @ParameterizedTest
  @MethodSource("peculiar")
  void peculiarRules(RuleType type, String rules, List<String> keys) throws Exception {
    compare(Postmap.orSkip(directory, type.maptype()), type, rules, keys);
  }

  static Stream<Arguments> inName() {
    return PeculiarRules.inName();
  }

  @ParameterizedTest
  @MethodSource("inName")
  void rulesInTheName(RuleType type, String name, List<String> keys) throws Exception {
    compareTable(Postmap.orSkip(directory, type.maptype()), type, name, keys);
  }

  /** Those that can be written so: an open brace takes in what comes after it, NUL ends a name. */
  static Stream<Arguments> peculiarInName() {
    return PeculiarRules.all()
        .map(Arguments::get)
        .map(each -> Arguments.of(each[0], inName((String) each[1]), each[2]))
        .filter(each -> isOneName((String) each.get()[1]));
  }

  private static String inName(String rules) {
    return rules
        .lines()
        .map(line -> "{" + line + "}")
        .collect(Collectors.joining(", ", "{ ", " }"));
  }

  private static boolean isOneName(String name) {
    return Braces.length(name) == name.length() && name.indexOf('\0') < 0;
  }

  @ParameterizedTest
  @MethodSource("peculiarInName")
  void peculiarRulesInTheName(RuleType type, String name, List<String> keys) throws Exception {
    compareTable(Postmap.orSkip(directory, type.maptype()), type, name, keys);
  }

  static Stream<Arguments> malformedNames() {
    return PeculiarRules.malformedNames();
  }

  @ParameterizedTest
  @MethodSource("malformedNames")
  void namesThatHoldNoRules(RuleType type, String name) throws Exception {
    Postmap.Output theirs =
        Postmap.orSkip(directory, type.maptype())
            .run(new byte[0], "-q", "x", type.maptype() + ":" + name);
    try (TestOpening opening = TestOpening.of(type.maptype(), Bytes.bytes(name))) {
      assertThatThrownBy(() -> opening.open(type.driver()))
          .isInstanceOf(TableUnavailableException.class)
          .satisfies(e -> assertThat(theirs.log()).containsExactly("fatal: " + e.getMessage()));
      assertThat(opening.watched()).isEmpty();
    }
  }

  private int compare(Postmap postmap, RuleType type, String rules, List<String> keys)
      throws Exception {
    Path file = Rules.write(directory.resolve("rules"), rules);
    return compareTable(postmap, type, file.toString(), keys);
  }

  /**
   * @param name one character for each byte
   */
  private static int compareTable(Postmap postmap, RuleType type, String name, List<String> keys)
      throws Exception {
    Postmap.Output theirs =
        postmap.run(
            Bytes.bytes(String.join("\n", keys) + "\n"), "-q", "-", type.maptype() + ":" + name);
    List<String> answers = new ArrayList<>();
    List<String> warnings;
    try (TestOpening opening = TestOpening.of(type.maptype(), Bytes.bytes(name))) {
      Table table = opening.open(type.driver());
      for (String key : keys) {
        LookupResult worker = table.lookup(Bytes.bytes(key), table.flags());
        if (worker instanceof Found(byte[] value, int _)) {
          answers.add(key + "\t" + new String(value, StandardCharsets.ISO_8859_1) + "\n");
        }
        LookupResult atOnce = table.lookupAtOnce(Bytes.bytes(key), table.flags());
        if (atOnce != null) {
          assertThat(show(atOnce)).as(key + " in " + name).isEqualTo(show(worker));
        }
      }
      warnings =
          opening.warnings().stream()
              .filter(text -> !text.endsWith("text after null byte may be ignored")) // since 3.9
              .map(text -> "warning: " + text)
              .toList();
      opening.assertWarnings(opening.warnings().toArray(String[]::new));
    }
    assertThat(String.join("", answers)).as(name).isEqualTo(theirs.text());
    assertThat(warnings).as(name).isEqualTo(ofTable(theirs.log()));
    return answers.size();
  }

  /** Without postmap's own warnings about empty values. */
  private static List<String> ofTable(List<String> log) {
    return log.stream().filter(line -> !line.startsWith("warning: table ")).toList();
  }

  private static String show(LookupResult result) {
    return result instanceof Found(byte[] value, int _)
        ? new String(value, StandardCharsets.ISO_8859_1)
        : result.toString();
  }
}
