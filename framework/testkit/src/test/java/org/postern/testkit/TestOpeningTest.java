package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;

final class TestOpeningTest {

  @Test
  void anUnexpectedWarningFailsTheTest() {
    TestOpening opening = TestOpening.of("hash", "/x");
    opening.logger().log(System.Logger.Level.WARNING, "line 3 is {odd}");
    assertThatThrownBy(opening::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("line 3 is {odd}")
        .hasMessageContaining("hash:/x");
  }

  @Test
  void anExpectedWarningThatDoesNotComeFailsTheTest() {
    try (TestOpening opening = TestOpening.of("hash", "/x")) {
      assertThatThrownBy(() -> opening.assertWarnings("odd")).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void expectedWarningsAndLinesForInformationPass() {
    try (TestOpening opening = TestOpening.of("hash", "/x")) {
      opening.logger().log(System.Logger.Level.INFO, "reading");
      opening.logger().log(System.Logger.Level.WARNING, "{0} is odd", "line 3");
      opening.assertWarnings("line 3 is odd");
      assertThat(opening.warnings()).containsExactly("line 3 is odd");
      assertThat(opening.log()).first().isEqualTo(new LogLine(System.Logger.Level.INFO, "reading"));
    }
  }

  @Test
  void theDriverSeesTheFlagsThatItAsksForAndNoOthers() throws Exception {
    List<Integer> seen = new ArrayList<>();
    try (TestOpening opening =
        TestOpening.of("probe", "/x")
            .instanceFlags(TableFlags.FOLD_FIX | TableFlags.LOCK | TableFlags.DUP_WARN)) {
      opening.open(new Probe(o -> seen.add(o.instanceFlags())));
    }
    assertThat(seen).containsExactly(TableFlags.FOLD_FIX);
  }

  @Test
  void whatTheDriverAskedForIsRecorded() throws Exception {
    List<Path> noticed = new ArrayList<>();
    try (TestOpening opening = TestOpening.of("probe", "/x").whenWatched(noticed::add)) {
      opening.open(new Probe(o -> o.watch(Path.of(o.name()))));
      assertThat(opening.watched()).containsExactly(Path.of("/x"));
      assertThat(noticed).containsExactly(Path.of("/x"));
      assertThat(opening.again().watched()).isEmpty();
    }
  }

  private record Probe(Consumer<TableOpening> atOpening) implements TableDriver {
    @Override
    public Set<String> maptypes() {
      return Set.of("probe");
    }

    @Override
    public int instanceFlags() {
      return TableFlags.FOLD_FIX;
    }

    @Override
    public Table open(TableOpening opening) {
      atOpening.accept(opening);
      return new Table() {
        @Override
        public int flags() {
          return TableFlags.FIXED;
        }

        @Override
        public LookupResult lookup(byte[] key, int flags) {
          return NotFound.NOT_FOUND;
        }
      };
    }
  }
}
