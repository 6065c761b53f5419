package org.postern.host.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which warnings are written, and what is said of the others. */
class RepeatLimitTest {
  private final LoggerContext context = new LoggerContext();
  private final List<String> said = new ArrayList<>();
  private long now;
  private final RepeatLimit limit = new RepeatLimit(() -> now, said::add);

  private boolean isWritten(Level level, String text, @Nullable Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent("here", context.getLogger("test"), level, text, thrown, null);
    return limit.decide(event) != FilterReply.DENY;
  }

  private boolean isWritten(String text) {
    return isWritten(Level.WARN, text, null);
  }

  private void pass(Duration time) {
    now += time.toNanos();
    limit.sweep();
  }

  @Test
  void aWarningIsWrittenOnceAMinuteAndCounted() {
    assertThat(isWritten("a")).isTrue();
    assertThat(isWritten("b")).isTrue();
    pass(Duration.ofSeconds(59));
    assertThat(isWritten("a")).isFalse();
    assertThat(isWritten("a")).isFalse();
    assertThat(said).isEmpty();
    pass(Duration.ofSeconds(1));
    assertThat(said).containsExactly("a (2 more such since the last line)");
    assertThat(isWritten("a")).isTrue();
    pass(Duration.ofSeconds(60));
    assertThat(said).hasSize(1);
  }

  @Test
  void atTheEndAllIsSaid() {
    assertThat(isWritten("a")).isTrue();
    assertThat(isWritten("a")).isFalse();
    limit.sweepAll();
    assertThat(said).containsExactly("a (1 more such since the last line)");
  }

  @Test
  void errorsAndWhatIsNoWarningAreWritten() {
    for (int i = 0; i < 3; i++) {
      assertThat(isWritten(Level.ERROR, "a", null)).isTrue();
      assertThat(isWritten(Level.INFO, "a", null)).isTrue();
      assertThat(isWritten(Level.WARN, "a", new IllegalStateException())).isTrue();
    }
  }

  @Test
  void soManyDifferentOnesAreNotRemembered() {
    for (int i = 0; i < 2000; i++) {
      assertThat(isWritten("warning " + i)).isTrue();
    }
    assertThat(isWritten("warning 1999")).isFalse();
    assertThat(isWritten("warning 0")).isTrue();
  }

  @Test
  void whatWasNotWrittenIsCountedAlsoWhenItsWordsAreForgotten() {
    isWritten("a");
    isWritten("a");
    isWritten("a");
    for (int i = 0; i < 2000; i++) {
      isWritten("warning " + i);
    }
    pass(Duration.ofSeconds(1));
    assertThat(said).containsExactly("2 more warnings that came before");
    pass(Duration.ofSeconds(1));
    assertThat(said).hasSize(1);
  }
}
