package org.postern.program.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import org.postern.platform.text.ByteStrings;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * A log event as it is kept until it is written: with its words and without what they were made of,
 * which may be a client's megabyte.
 */
final class ShortEvent {
  /** Postfix cuts what it logs at 2,000 bytes. */
  static final int LONGEST_LINE = 2000;

  /** Of a message with several lines and its stack trace. */
  static final int LONGEST_TEXT = 16_000;

  private static final int DEEPEST = 10;

  private ShortEvent() {}

  static ILoggingEvent of(ILoggingEvent event) {
    LoggingEvent kept = new LoggingEvent();
    kept.setLoggerName(event.getLoggerName());
    kept.setThreadName(event.getThreadName());
    kept.setLevel(event.getLevel());
    kept.setInstant(event.getInstant());
    if (event.getMarkerList() != null) {
      for (Marker marker : event.getMarkerList()) {
        kept.addMarker(marker);
      }
    }
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      kept.setLoggerContext(context);
    }
    String message = cut(event.getFormattedMessage(), LONGEST_TEXT);
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown instanceof ThrowableProxy proxy && isShort(thrown)) {
      kept.setThrowableProxy(proxy);
    } else if (thrown != null) {
      message = cut(message + "\n" + ThrowableProxyUtil.asString(thrown), LONGEST_TEXT);
    }
    kept.setMessage(message);
    return kept;
  }

  private static boolean isShort(IThrowableProxy thrown) {
    int length = 0;
    IThrowableProxy each = thrown;
    for (int depth = 0; each != null; depth++) {
      length += each.getMessage() == null ? 0 : each.getMessage().length();
      if (length > LONGEST_LINE || depth == DEEPEST) {
        return false;
      }
      each = each.getCause();
    }
    return true;
  }

  /** A line as it is written: its beginning, and how much more there was; for a terminal too. */
  static String line(String line) {
    String tail = line.stripLeading();
    String indent = line.substring(0, line.length() - tail.length());
    return indent.replace('\r', ' ') + ByteStrings.visible(cut(tail, LONGEST_LINE));
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest
        ? text
        : text.substring(0, longest) + "... (" + (text.length() - longest) + " more)";
  }
}
