package org.postern.program.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.util.ArrayList;
import java.util.List;
import org.postern.platform.log.LogMarkers;
import org.postern.platform.text.Secrets;
import org.slf4j.Marker;

/**
 * Makes a log event one line of Postfix's form, or several when there is a stack trace. Before each
 * line stands its syslog level, as sd-daemon(3) reads it, unless a terminal is written to.
 */
final class PostfixLayout extends LayoutBase<ILoggingEvent> {
  /** What Postfix's log readers know. */
  static final String PROGRAM = "proxymap";

  /** Of one stack trace. */
  private static final int MOST_LINES = 200;

  private volatile boolean levelPrefix;

  /** {@code syslog_name}, "postfix" unless an operator has set another, and the program. */
  private volatile String prefix = prefix("postfix");

  PostfixLayout(boolean levelPrefix) {
    this.levelPrefix = levelPrefix;
  }

  void setSyslogName(String name) {
    prefix = prefix(name);
  }

  /** What stands before each line: {@code postfix/proxymap[4711]: }. */
  static String prefix(String syslogName) {
    return syslogName + "/" + PROGRAM + "[" + ProcessHandle.current().pid() + "]: ";
  }

  /** Has lines begin with the name of a command, and not with their level. */
  void setCommand(String name) {
    levelPrefix = false;
    prefix = name + ": ";
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder lines = new StringBuilder();
    lines(event).forEach(line -> append(lines, event, line));
    return lines.toString();
  }

  /** The lines of an event, with nothing before them but Postfix's word for how bad it is. */
  static List<String> lines(ILoggingEvent event) {
    List<String> lines = new ArrayList<>();
    String message = word(event) + event.getFormattedMessage();
    message.lines().map(ShortEvent::line).map(Secrets::hidden).forEach(lines::add);
    if (event.getThrowableProxy() != null) {
      Secrets.hidden(ThrowableProxyUtil.asString(event.getThrowableProxy()))
          .lines()
          .limit(MOST_LINES)
          .map(ShortEvent::line)
          .forEach(lines::add);
    }
    return lines;
  }

  private void append(StringBuilder lines, ILoggingEvent event, String line) {
    if (levelPrefix) {
      lines.append('<').append(syslogLevel(event.getLevel())).append('>');
    }
    lines.append(prefix).append(line).append('\n');
  }

  private static String word(ILoggingEvent event) {
    List<Marker> markers = event.getMarkerList();
    if (markers != null && markers.contains(LogMarkers.FATAL)) {
      return "fatal: ";
    }
    return switch (event.getLevel().toInt()) {
      case Level.ERROR_INT -> "error: ";
      case Level.WARN_INT -> "warning: ";
      default -> "";
    };
  }

  static int syslogLevel(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> 3;
      case Level.WARN_INT -> 4;
      case Level.INFO_INT -> 6;
      default -> 7;
    };
  }
}
