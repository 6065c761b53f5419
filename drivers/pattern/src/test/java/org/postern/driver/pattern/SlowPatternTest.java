package org.postern.driver.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
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
      assertThat(table.lookupAtOnce(Bytes.bytes("aaab"), 0)).isInstanceOf(Found.class);
      assertThat(table.lookupAtOnce(Bytes.bytes(BACKTRACKS), 0)).isNull();
      assertThat(table.lookup(Bytes.bytes(BACKTRACKS), 0)).isInstanceOf(Found.class);
      opening.assertWarnings("pcre map " + file + ", line 1: match limit exceeded");
    }
    Postmap.Output theirs =
        Postmap.orSkip(directory, "pcre").run(new byte[0], "-q", BACKTRACKS, "pcre:" + file);
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

  /**
   * The just-in-time compiler would find out, after more steps than Postfix's interpreter takes.
   */
  @ParameterizedTest
  @CsvSource({"20", "24", "27"})
  void whoBacktracksTooLongIsDecidedByTheInterpretersLimit(int length) throws Exception {
    Path file =
        Rules.write(directory.resolve("rules"), "!/^(a+)+$/ none of its own\n/./ given up\n");
    String key = "a".repeat(length) + "bc";
    Postmap.Output theirs =
        Postmap.orSkip(directory, "pcre").run(new byte[0], "-q", key, "pcre:" + file);
    try (TestOpening opening = TestOpening.of("pcre", file)) {
      LookupResult ours = opening.open(new PcreDriver()).lookup(Bytes.bytes(key), 0);
      assertThat(ours).isInstanceOf(Found.class);
      assertThat(Bytes.text(((Found) ours).value()) + "\n").isEqualTo(theirs.text());
      opening.assertWarnings(
          theirs.log().stream()
              .map(line -> line.replaceFirst("^warning: ", ""))
              .toArray(String[]::new));
    }
  }

  @Test
  void theEventLoopDoesNotWaitForAWorkersMatchOfTheSamePattern() throws Exception {
    Path file = Rules.write(directory.resolve("rules"), "/a.*b.*[XY]/ x\n");
    byte[] slow = Bytes.bytes("a".repeat(12_000) + "b");
    try (TestOpening opening = TestOpening.of("regexp", file)) {
      Table table = opening.open(new RegexpDriver());
      assertThat(table.lookupAtOnce(slow, 0)).isNull();
      Thread worker = Thread.ofPlatform().start(() -> table.lookup(slow, 0));
      int answered = 0;
      while (worker.isAlive()) {
        long began = System.nanoTime();
        assertThat(table.lookupAtOnce(Bytes.bytes("a-b-" + answered + "-X"), 0))
            .isInstanceOf(Found.class);
        if (System.nanoTime() - began < 20_000_000) {
          answered++;
        }
      }
      // The slow one takes about a second. Had the loop to wait for it, there would be one or two.
      assertThat(answered).isGreaterThan(1000);
    }
  }

  @Test
  void patternsThatTogetherTakeTooLongAreAWorkers() throws Exception {
    Path file =
        Rules.write(
            directory.resolve("rules"), "/[a-z]*?[a-z]*?[a-z]*?[XY]/ x\n".repeat(60) + "/b/ b\n");
    byte[] key = Bytes.bytes("a".repeat(100) + "b");
    try (TestOpening opening = TestOpening.of("pcre", file)) {
      Table table = opening.open(new PcreDriver());
      assertThat(table.lookupAtOnce(key, 0)).isNull();
      assertThat(table.lookup(key, 0)).isInstanceOf(Found.class);
    }
  }

  /** The C library would take 27 GB and hours. */
  @Test
  void aKeyThatIsTooLongForABackReferenceIsNotTried() throws Exception {
    Path file = Rules.write(directory.resolve("rules"), "/^(.*)\\1\\1\\1\\1$/ five\n/a/ next\n");
    try (TestOpening opening = TestOpening.of("regexp", file)) {
      Table table = opening.open(new RegexpDriver());
      assertThat(table.lookup(Bytes.bytes("ab".repeat(5)), 0)).isInstanceOf(Found.class);
      assertThat(table.lookup(Bytes.bytes("a".repeat(60_000)), 0))
          .isEqualTo(
              new Retry(
                  "regexp:%s, line 1: the pattern is not tried on a key of 60000 bytes, only up to 1024: for longer ones the C library needs too much time and memory; use fewer back-references, or pcre"
                      .formatted(file)));
    }
  }

  @Test
  void aPcreThatNeedsMuchMemoryIsRetry() throws Exception {
    Path file = Rules.write(directory.resolve("rules"), "/^((a)|(b))*c/ x\n/a/ next\n");
    try (TestOpening opening = TestOpening.of("pcre", file)) {
      Table table = opening.open(new PcreDriver());
      LookupResult result = table.lookup(Bytes.bytes("a".repeat(2_000_000)), 0);
      assertThat(result).isInstanceOf(Retry.class);
      assertThat(((Retry) result).reason()).contains("needs more than 64 MB");
    }
  }
}
