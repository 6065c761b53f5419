package org.postern.program.master;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class WatchdogTest {
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private final CountDownLatch ended = new CountDownLatch(1);

  private void watch(Consumer<Runnable> afterTurn) {
    new Watchdog(TIMEOUT, afterTurn, ended::countDown).start();
  }

  @Test
  void eventLoopsThatAnswerGoOn() throws Exception {
    watch(Runnable::run);
    assertThat(ended.await(4 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
  }

  @Test
  void oneThatIsStuckEndsTheProcessWithWhatEachThreadIsAtInTheLog() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(Watchdog.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      watch(_ -> {});
      assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list.stream().map(ILoggingEvent::getFormattedMessage))
        .anySatisfy(line ->
            assertThat(line)
                .startsWith(Thread.currentThread().getName() + ": ")
                .contains("\n  at ", "WatchdogTest.oneThatIsStuck"))
        .last()
        .isEqualTo("watchdog timeout");
  }
}
