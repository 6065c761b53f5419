package org.postern.driver.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.Found;
import org.postern.spi.NotFound;
import org.postern.spi.Table;
import org.postern.testkit.Bytes;
import org.postern.testkit.Postmap;
import org.postern.testkit.TestOpening;

/** What may take long is left to a worker, and ends as it does in Postfix. */
@Timeout(60)
final class SlowPatternTest {
  private static final String BACKTRACKS = "a".repeat(40) + "b";

  @TempDir private Path directory;

  @Test
  void aPcreThatBacktracksForEver() throws Exception {
    Path file = Rules.write(directory.resolve("rules"), "/^(a+)+$/ x\n/b$/ next\n");
    try (TestOpening opening = TestOpening.of("pcre", file)) {
      Table table = opening.open(new PcreDriver());
      assertThat(table.backend()).isPresent();
      assertThat(table.lookupAtOnce(Bytes.bytes(BACKTRACKS), 0)).isNull();
      assertThat(table.lookupAtOnce(Bytes.bytes("aaab"), 0)).isInstanceOf(Found.class);
      assertThat(table.lookup(Bytes.bytes(BACKTRACKS), 0)).isInstanceOf(Found.class);
      opening.assertWarnings("pcre map " + file + ", line 1: match limit exceeded");
    }
    Postmap.Output theirs =
        Postmap.orSkip(directory).run(new byte[0], "-q", BACKTRACKS, "pcre:" + file);
    assertThat(theirs.text()).isEqualTo("next\n");
    assertThat(theirs.log())
        .containsExactly("warning: pcre map " + file + ", line 1: match limit exceeded");
  }

  @ParameterizedTest
  @CsvSource({"/^(a+)+$/", "/(a)\\1/", "/a{2}/"})
  void aRegexpThatMayTakeLong(String pattern) throws Exception {
    Path file = Rules.write(directory.resolve("rules"), pattern + " x\n");
    try (TestOpening opening = TestOpening.of("regexp", file)) {
      Table table = opening.open(new RegexpDriver());
      assertThat(table.lookupAtOnce(Bytes.bytes("aa"), 0)).isNull();
      assertThat(table.lookup(Bytes.bytes("aa"), 0)).isInstanceOf(Found.class);
    }
  }

  @Test
  void aKeyThatIsLong() throws Exception {
    Path file = Rules.write(directory.resolve("rules"), "/x.*y.*z/ x\n");
    byte[] key = Bytes.bytes("x".repeat(100_000));
    try (TestOpening opening = TestOpening.of("pcre", file)) {
      Table table = opening.open(new PcreDriver());
      assertThat(table.lookupAtOnce(key, 0)).isNull();
      assertThat(table.lookup(Bytes.bytes("x".repeat(1000)), 0)).isEqualTo(NotFound.NOT_FOUND);
    }
  }

  @Test
  void soManyRulesThatOnlyAWorkerCanTryThemAll() throws Exception {
    Path file = Rules.write(directory.resolve("rules"), "/^x.$/ x\n".repeat(1000));
    try (TestOpening opening = TestOpening.of("regexp", file)) {
      Table table = opening.open(new RegexpDriver());
      assertThat(table.lookupAtOnce(Bytes.bytes("y"), 0)).isNull();
      assertThat(table.lookup(Bytes.bytes("y"), 0)).isEqualTo(NotFound.NOT_FOUND);
      assertThat(table.lookupAtOnce(Bytes.bytes("xy"), 0)).isInstanceOf(Found.class);
    }
  }
}
