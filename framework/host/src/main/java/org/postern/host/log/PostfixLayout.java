package org.postern.host.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;

/**
 * Makes a log event one line of Postfix's form, or several when there is a stack trace. Before each
 * line stands its syslog level, as sd-daemon(3) reads it, unless a terminal is written to.
 */
final class PostfixLayout extends LayoutBase<ILoggingEvent> {
  private static final String PROGRAM = "/proxymap[" + ProcessHandle.current().pid() + "]: ";

  private volatile boolean levelPrefix;

  /** {@code syslog_name}, "postfix" unless an operator has set another, and the program. */
  private volatile String prefix = "postfix" + PROGRAM;

  PostfixLayout(boolean levelPrefix) {
    this.levelPrefix = levelPrefix;
  }

  void setSyslogName(String name) {
    prefix = name + PROGRAM;
  }

  /** Has lines begin with the name of a command, and not with their level. */
  void setCommand(String name) {
    levelPrefix = false;
    prefix = name + ": ";
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder lines = new StringBuilder();
    String message = word(event.getLevel()) + event.getFormattedMessage();
    message.lines().forEach(line -> append(lines, event, line));
    if (event.getThrowableProxy() != null) {
      ThrowableProxyUtil.asString(event.getThrowableProxy())
          .lines()
          .forEach(line -> append(lines, event, line));
    }
    return lines.toString();
  }

  private void append(StringBuilder lines, ILoggingEvent event, String line) {
    if (levelPrefix) {
      lines.append('<').append(syslogLevel(event.getLevel())).append('>');
    }
    lines.append(prefix).append(line).append('\n');
  }

  private static String word(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "error: ";
      case Level.WARN_INT -> "warning: ";
      default -> "";
    };
  }

  private static int syslogLevel(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> 3;
      case Level.WARN_INT -> 4;
      case Level.INFO_INT -> 6;
      default -> 7;
    };
  }
}
