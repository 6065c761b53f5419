package org.postern.driver.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.Found;
import org.postern.spi.Table;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;

/** Patterns for which the C library would take all memory, or all of a thread's stack. */
@Timeout(60)
final class RegexpDemandTest {
  private static final long MIB = 1 << 20;

  @TempDir private Path directory;

  /** Megabytes that a program had at most that called regcomp(3) of glibc 2.36. */
  static Stream<Arguments> measured() {
    return Stream.of(
        Arguments.of("b" + "+".repeat(10), 1),
        Arguments.of("b" + "+".repeat(15), 20),
        Arguments.of("b" + "+".repeat(18), 168),
        Arguments.of("b" + "+".repeat(20), 700),
        Arguments.of("b" + "{2}".repeat(16), 14),
        Arguments.of("b" + "{0,2}".repeat(10), 24),
        Arguments.of("a{1000}", 1),
        Arguments.of("(a{200}){200}", 9),
        Arguments.of("(a{1000}){1000}", 206),
        Arguments.of("(((a{20}){20}){20}){20}", 38),
        Arguments.of("a{0,1000}", 9),
        Arguments.of("a{0,3000}", 71),
        Arguments.of("(a{0,40}){0,40}", 7),
        Arguments.of("((a*)+b)" + "+".repeat(10), 9),
        Arguments.of("(a*)" + "+".repeat(8), 18),
        Arguments.of("a|".repeat(2000), 32),
        Arguments.of("a|".repeat(30_000), 6920),
        Arguments.of("(a".repeat(14) + ")+".repeat(14), 64),
        Arguments.of("(a".repeat(16) + ")+".repeat(16), 273),
        Arguments.of("(a|".repeat(250) + "b" + ")".repeat(250), 2));
  }

  @ParameterizedTest
  @MethodSource
  void measured(String pattern, long megabytes) {
    long estimate = RegexpDemand.bytes(pattern, true) / MIB;
    assertThat(estimate).isBetween(megabytes / 3, 4 + megabytes * 5);
    String basic = pattern.replaceAll("[(){}+|]", "\\\\$0");
    assertThat(RegexpDemand.bytes(basic, false) / MIB).isEqualTo(estimate);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a[+]+[^]+]+[[:alpha:]+]+[]+]+b",
        "\\+\\++\\{\\(\\)",
        "{1}a{b{}",
        "((((",
        "))))",
        "a**",
        "+?|*()",
        "[",
        "[^]",
        "\\"
      })
  void patternsThatAreOddButSmall(String pattern) {
    assertThat(RegexpDemand.bytes(pattern, true)).isLessThan(10_000);
    assertThat(RegexpDemand.bytes(pattern, false)).isLessThan(10_000);
  }

  static Stream<String> tooMuch() {
    return Stream.of(
        "/b" + "+".repeat(72) + "/ x\n",
        "/\\(b\\)" + "\\+".repeat(72) + "/x x\n",
        "/(a*)" + "+".repeat(15) + "/ x\n",
        "/(a*){1500}/ x\n",
        "/" + "(".repeat(1000) + "/ x\n",
        "/" + "(".repeat(100_000) + "a" + ")".repeat(100_000) + "/ x\n",
        "if /a/\n!/foo/!/a{0,30000}/ x\nendif\n");
  }

  @ParameterizedTest
  @MethodSource
  void tooMuch(String rules) throws Exception {
    Path file = Rules.write(directory.resolve("rules"), "/^ok/ ok\n" + rules);
    try (TestOpening opening = TestOpening.of("regexp", file)) {
      assertThatThrownBy(() -> opening.open(new RegexpDriver()))
          .isInstanceOf(TableUnavailableException.class)
          .message()
          .matches(
              "regexp map "
                  + file
                  + ", line [23]: pattern needs too much memory: use fewer repetitions or"
                  + " parentheses");
    }
  }

  @Test
  void manyThatAreLargeTogether() throws Exception {
    Path file = Rules.write(directory.resolve("rules"), "/a{0,3000}/ x\n".repeat(500));
    try (TestOpening opening = TestOpening.of("regexp", file)) {
      assertThatThrownBy(() -> opening.open(new RegexpDriver()))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessageStartingWith(file + ": table too large: needs more than ");
    }
  }

  @Test
  void aLargePatternThatThereIsRoomFor() throws Exception {
    Path file =
        Rules.write(
            directory.resolve("rules"), "/^(" + "word|".repeat(1500) + "last)(x{0,500})$/ $2\n");
    try (TestOpening opening = TestOpening.of("regexp", file)) {
      Table table = opening.open(new RegexpDriver());
      assertThat(table.lookup(Bytes.bytes("lastxxx"), 0)).isInstanceOf(Found.class);
    }
  }
}
