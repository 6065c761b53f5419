package org.postern.program.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LogQueueTest {
  private final LoggerContext context = new LoggerContext();
  private final CountDownLatch reader = new CountDownLatch(1);
  private final List<String> written = new CopyOnWriteArrayList<>();

  /** A log that nobody reads until the latch is open. */
  private final class Stuck extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      try {
        reader.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      written.add(event.getFormattedMessage());
    }
  }

  private LogQueue queue() {
    Stuck target = new Stuck();
    target.setContext(context);
    target.start();
    LogQueue queue = new LogQueue(target);
    queue.setContext(context);
    queue.start();
    return queue;
  }

  private ILoggingEvent event(String text, Object... arguments) {
    return new LoggingEvent("here", context.getLogger("test"), Level.WARN, text, null, arguments);
  }

  @Test
  void nobodyWaitsForALogThatIsNotReadAndWhatIsLostIsCounted() {
    LogQueue queue = queue();
    queue.start(() -> {});
    int lines = 3 * LogQueue.CAPACITY;
    for (int i = 0; i < lines; i++) {
      queue.doAppend(event("line {}", i));
    }
    queue.flush(Duration.ofMillis(1));
    assertThat(written).isEmpty();
    reader.countDown();
    while (written.size() < LogQueue.CAPACITY + 1) {
      Thread.onSpinWait();
    }
    assertThat(written.getFirst()).isEqualTo("line 0");
    String lost =
        written.stream().filter(line -> line.contains("of the log are lost")).findFirst().get();
    int count = Integer.parseInt(lost.split(" ", 2)[0]);
    assertThat(count).isBetween(lines - LogQueue.CAPACITY - 1, lines - LogQueue.CAPACITY);
  }

  @Test
  void whatWasLoggedIsWrittenBeforeTheEnd() {
    LogQueue queue = queue();
    queue.start(() -> {});
    reader.countDown();
    for (int i = 0; i < 100; i++) {
      queue.doAppend(event("line {}", i));
    }
    queue.flush(Duration.ofSeconds(20));
    assertThat(written).hasSize(100);
  }

  @Test
  void atFirstALineIsWrittenByTheThreadThatHasIt() {
    LogQueue queue = queue();
    reader.countDown();
    queue.doAppend(event("a mistake"));
    assertThat(written).containsExactly("a mistake");
  }

  @Test
  void aMegabyteIsNotKept() {
    LogQueue queue = queue();
    reader.countDown();
    queue.doAppend(event("name {}", "x".repeat(1 << 20)));
    assertThat(written.getFirst()).hasSizeLessThan(20_000).endsWith(" more)");
    Throwable thrown = new IllegalStateException("y".repeat(1 << 20));
    queue.doAppend(
        new LoggingEvent("here", context.getLogger("test"), Level.ERROR, "a", thrown, null));
    assertThat(written.getLast()).startsWith("a\n").hasSizeLessThan(20_000);
  }

  @Test
  void aLineIsCutWherePostfixCutsIt() {
    ILoggingEvent longLine = event("z".repeat(5000) + "\nshort");
    assertThat(PostfixLayout.lines(longLine))
        .containsExactly("warning: " + "z".repeat(1991) + "... (3009 more)", "short");
  }
}
