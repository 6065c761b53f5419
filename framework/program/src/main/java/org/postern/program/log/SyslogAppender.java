package org.postern.program.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.postern.platform.libc.SystemLog;

/** Logs to the system's log, which has been opened. */
final class SyslogAppender extends AppenderBase<ILoggingEvent> {
  @Override
  protected void append(ILoggingEvent event) {
    int level = PostfixLayout.syslogLevel(event.getLevel());
    PostfixLayout.lines(event).forEach(line -> SystemLog.log(level, line));
  }
}
