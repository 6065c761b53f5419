package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What is logged while this is open. */
public final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<IThrowableProxy> thrown = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

  public LogLines() {
    setContext(root.getLoggerContext());
    start();
    root.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(event.getLevel() + " " + event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      thrown.add(event.getThrowableProxy());
    }
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** The exceptions of which a stack trace was logged, in words. */
  public List<String> thrown() {
    return thrown.stream().map(one -> one.getClassName() + ": " + one.getMessage()).toList();
  }

  public List<String> warnings() {
    return lines.stream()
        .filter(line -> line.startsWith("WARN") || line.startsWith("ERROR"))
        .toList();
  }

  /** Waits for a line: what it tells of may be seen before it is logged. */
  public void await(String line) throws InterruptedException {
    for (int i = 0; i < 1000 && !lines.contains(line); i++) {
      Thread.sleep(10);
    }
    assertThat(lines).contains(line);
  }

  @Override
  public void close() {
    root.detachAppender(this);
  }
}
