package org.postern.program.log;

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
import org.postern.platform.log.LogMarkers;

/** Which warnings are written, and what is said of the others. */
class RepeatLimitTest {
  private final LoggerContext context = new LoggerContext();
  private final List<String> said = new ArrayList<>();
  private long now;
  private final RepeatLimit limit =
      new RepeatLimit(() -> now, new LineRate(() -> now, 10_000), said::add);

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

  @Test
  void differentWordsDoNotDefeatIt() {
    RepeatLimit few = new RepeatLimit(() -> now, new LineRate(() -> now, 100), said::add);
    int written = 0;
    for (int i = 0; i < 100_000; i++) {
      written += isWritten(few, "clients", Level.WARN, "request for " + i) ? 1 : 0;
    }
    assertThat(written).isEqualTo(100);
    assertThat(isWritten(few, "others", Level.ERROR, "something else")).isTrue();
    assertThat(isWritten(few, "clients", Level.DEBUG, "asked for")).isTrue();
    few.sweep();
    assertThat(said)
        .containsExactly(
            "99900 more lines of clients are not written"
                + " (postern_log_line_limit = 100 in a minute)");
    now += Duration.ofSeconds(30).toNanos();
    for (int i = 0; i < 100; i++) {
      written += isWritten(few, "clients", Level.INFO, "again " + i) ? 1 : 0;
    }
    assertThat(written).isEqualTo(150);
  }

  @Test
  void allTogetherHaveALimitToo() {
    RepeatLimit few = new RepeatLimit(() -> now, new LineRate(() -> now, 10), said::add);
    int written = 0;
    for (int i = 0; i < 100; i++) {
      written += isWritten(few, "logger " + i, Level.ERROR, "a") ? 1 : 0;
    }
    assertThat(written).isEqualTo(40);
  }

  @Test
  void whatEndsTheProcessIsWritten() {
    RepeatLimit few = new RepeatLimit(() -> now, new LineRate(() -> now, 10), said::add);
    for (int i = 0; i < 100; i++) {
      LoggingEvent event =
          new LoggingEvent("here", context.getLogger("test"), Level.ERROR, "x", null, null);
      event.addMarker(LogMarkers.FATAL);
      assertThat(few.decide(event)).isEqualTo(FilterReply.NEUTRAL);
    }
  }

  @Test
  void worksAgainIsCountedToo() {
    RepeatLimit limited = new RepeatLimit(() -> now, new LineRate(() -> now, 100), said::add);
    for (int i = 0; i < 10; i++) {
      now++;
      isWritten(limited, "t", Level.WARN, "x: lookup error: gone");
      now++;
      LoggingEvent event =
          new LoggingEvent(
              "here", context.getLogger("t"), Level.INFO, "x: lookup works again", null, null);
      event.addMarker(LogMarkers.REPEATED);
      assertThat(limited.decide(event) == FilterReply.NEUTRAL).isEqualTo(i == 0);
    }
    now += Duration.ofMinutes(1).toNanos();
    limited.sweep();
    assertThat(said)
        .containsExactly(
            "x: lookup error: gone (9 more such since the last line)",
            "x: lookup works again (9 more such since the last line)");
  }

  private boolean isWritten(RepeatLimit few, String logger, Level level, String text) {
    LoggingEvent event =
        new LoggingEvent("here", context.getLogger(logger), level, text, null, null);
    return few.decide(event) != FilterReply.DENY;
  }

  @Test
  void aMegabyteIsNotRemembered() {
    String name = "x".repeat(1 << 20);
    assertThat(isWritten("request for " + name)).isTrue();
    assertThat(isWritten("request for " + name)).isFalse();
    limit.sweepAll();
    assertThat(said.getFirst()).hasSizeLessThan(3000);
  }
}
