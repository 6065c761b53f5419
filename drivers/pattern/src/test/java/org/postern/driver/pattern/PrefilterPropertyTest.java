package org.postern.driver.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;

/** Random rules, with the prefilter and without: it may not change any answer. */
final class PrefilterPropertyTest {
  private static final int ROUNDS = 300;
  private static final int RULES = 100;
  private static final int KEYS = 100;

  @ParameterizedTest
  @EnumSource(names = {"REGEXP", "PCRE"})
  void thePrefilterChangesNothing(RuleType type) throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < ROUNDS; round++) {
      RandomRules generator = type.random(random);
      List<RuleFile.Line> lines =
          Stream.generate(generator::line)
              .flatMap(String::lines)
              .filter(line -> !line.isBlank() && !line.startsWith(" "))
              .limit(RULES)
              .map(line -> new RuleFile.Line(line, 1))
              .toList();
      try (Arena arena = Arena.ofShared();
          TestOpening opening = TestOpening.of(type.maptype(), "rules")) {
        List<Rule> rules = new RuleParser(opening, type.syntax(), arena).parse(lines);
        RuleSet filtered = new RuleSet(rules, (_, _) -> {});
        RuleSet plain =
            new RuleSet(
                rules.stream().map(PrefilterPropertyTest::withoutLiteral).toList(), (_, _) -> {});
        for (int i = 0; i < KEYS; i++) {
          String key = generator.key();
          assertThat(show(filtered.lookup(Bytes.bytes(key))))
              .as("%s in %s", key, lines)
              .isEqualTo(show(plain.lookup(Bytes.bytes(key))));
        }
        opening.assertWarnings(opening.warnings().toArray(String[]::new));
      }
    }
  }

  private static Rule withoutLiteral(Rule rule) {
    return switch (rule) {
      case Rule.Match(int line, Condition condition, Condition second, Replacement replacement) ->
          new Rule.Match(line, withoutLiteral(condition), second, replacement);
      case Rule.If(int line, Condition condition) -> new Rule.If(line, withoutLiteral(condition));
      case Rule.EndIf end -> end;
    };
  }

  private static Condition withoutLiteral(Condition condition) {
    return new Condition(condition.pattern(), condition.positive(), "");
  }

  @ParameterizedTest
  @EnumSource(names = {"REGEXP", "PCRE"})
  void ofThousandsOfRulesTheRightOneAnswers(RuleType type) throws Exception {
    List<RuleFile.Line> lines =
        IntStream.range(0, 3000)
            .mapToObj(i -> new RuleFile.Line("/^user" + i + "@example\\.com$/ value" + i, i + 1))
            .toList();
    try (Arena arena = Arena.ofShared();
        TestOpening opening = TestOpening.of(type.maptype(), "rules")) {
      RuleSet rules =
          new RuleSet(new RuleParser(opening, type.syntax(), arena).parse(lines), (_, _) -> {});
      for (int i = 0; i < 3000; i++) {
        LookupResult result = rules.lookupAtOnce(Bytes.bytes("User" + i + "@EXAMPLE.com"));
        assertThat(result).as("quick enough for the event loop").isNotNull();
        assertThat(show(rules.lookup(Bytes.bytes("User" + i + "@EXAMPLE.com"))))
            .isEqualTo("value" + i);
      }
      assertThat(show(rules.lookup(Bytes.bytes("user3000@example.com")))).isEqualTo("NOT_FOUND");
    }
  }

  private static String show(LookupResult result) {
    return result instanceof Found(byte[] value, int _)
        ? new String(value, StandardCharsets.ISO_8859_1)
        : result.toString();
  }
}
