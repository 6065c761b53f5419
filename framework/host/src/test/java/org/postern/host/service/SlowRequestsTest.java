package org.postern.host.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.host.protocol.RequestKind;
import org.slf4j.LoggerFactory;

class SlowRequestsTest {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final Logger logger = (Logger) LoggerFactory.getLogger(SlowRequests.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private long now;
  private final SlowRequests requests = new SlowRequests(() -> now);

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(log);
  }

  private void ended(String table, int milliseconds) {
    requests.ended(
        table,
        RequestKind.LOOKUP,
        "mysql:db",
        Duration.ofMillis(milliseconds / 2).toNanos(),
        Duration.ofMillis(milliseconds).toNanos(),
        LIMIT);
  }

  private List<String> lines() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void whatIsFasterIsNotLogged() {
    ended("mysql:a", 999);
    assertThat(lines()).isEmpty();
  }

  @Test
  void zeroTurnsItOff() {
    requests.ended("mysql:a", RequestKind.LOOKUP, "mysql:db", 0, Long.MAX_VALUE, Duration.ZERO);
    assertThat(lines()).isEmpty();
  }

  @Test
  void eachTableHasALineAMinuteThatCountsTheOthers() {
    ended("mysql:a", 1200);
    ended("mysql:a", 1300);
    ended("mysql:a", 1300);
    ended("mysql:b", 2000);
    now += Duration.ofSeconds(59).toNanos();
    ended("mysql:a", 1400);
    now += Duration.ofSeconds(1).toNanos();
    ended("mysql:a", 1500);
    now += Duration.ofMinutes(2).toNanos();
    ended("mysql:a", 1600);
    assertThat(lines())
        .containsExactly(
            "mysql:a: lookup took 1200 ms, 600 ms of them waiting for a turn at mysql:db",
            "mysql:b: lookup took 2000 ms, 1000 ms of them waiting for a turn at mysql:db",
            "mysql:a: lookup took 1500 ms, 750 ms of them waiting for a turn at mysql:db"
                + " (and 3 more such since the last line)",
            "mysql:a: lookup took 1600 ms, 800 ms of them waiting for a turn at mysql:db");
  }
}
