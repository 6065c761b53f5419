package org.postern.testkit.skipped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

final class SkippedTestsTest {
  private static final String SLAPD = "slapd is missing: apt-get install slapd";
  private static final String ROOT = "root is missing: run Maven as root";
  private static final String TOOL = "a tool is missing: apt-get install tool";

  @TempDir private Path directory;

  static final class Some {
    @Test
    void one() {
      Assumptions.abort(SLAPD + "\nand more lines");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void eachParameterCounts(int parameter) {
      Assumptions.assumeTrue(parameter == 1, SLAPD);
    }

    @Test
    @Disabled("it is disabled")
    void disabled() {}

    @Test
    void checksLess() {
      SkippedTests.noteCheck(TOOL);
    }

    @Test
    void checksLessToo() {
      SkippedTests.noteCheck(TOOL);
    }
  }

  static final class All {
    @BeforeAll
    static void root() {
      Assumptions.abort(ROOT);
    }

    @Test
    void one() {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void countsAsOne(int parameter) {}
  }

  /** Runs a class as the build does, which finds the listener by itself. */
  private void run(Class<?> tests) {
    String before = Objects.requireNonNullElse(System.getProperty(SkippedTests.FILE), "");
    System.setProperty(SkippedTests.FILE, directory.resolve(tests.getSimpleName()).toString());
    try {
      LauncherFactory.create()
          .execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build());
    } finally {
      System.setProperty(SkippedTests.FILE, before);
    }
  }

  @Test
  void aBuildsSumHasOneLineForEachReason() throws Exception {
    run(Some.class);
    run(All.class);
    assertThat(SkippedSum.of(directory, Instant.EPOCH).lines())
        .containsExactly(
            "     some checks: " + TOOL,
            "     1 test: it is disabled",
            "     2 tests: " + ROOT,
            "     3 tests: " + SLAPD);
  }

  @Test
  void whatAnEarlierBuildHasSkippedIsNotInTheSum() throws Exception {
    run(All.class);
    Files.setLastModifiedTime(
        directory.resolve("All"), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    assertThat(SkippedSum.of(directory, Instant.parse("2026-01-01T00:00:01Z")).lines()).isEmpty();
    assertThat(SkippedSum.of(directory, Instant.parse("2026-01-01T00:00:00Z")).lines())
        .isEqualTo(List.of("     2 tests: " + ROOT));
  }

  @Test
  void whereNoTestHasRunNothingIsSaid() throws Exception {
    assertThat(SkippedSum.of(directory.resolve("none"), Instant.EPOCH).lines()).isEmpty();
  }
}
