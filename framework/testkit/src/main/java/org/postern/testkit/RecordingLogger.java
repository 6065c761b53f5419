package org.postern.testkit;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Keeps every line, of any level, from any thread. */
final class RecordingLogger implements System.Logger {
  private final List<LogLine> lines = Collections.synchronizedList(new ArrayList<>());

  List<LogLine> lines() {
    return List.copyOf(lines);
  }

  @Override
  public String getName() {
    return "org.postern.testkit";
  }

  @Override
  public boolean isLoggable(Level level) {
    return level != Level.OFF;
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    lines.add(new LogLine(level, thrown == null ? message + "" : message + ": " + thrown));
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object... arguments) {
    boolean finished = format == null || arguments == null || arguments.length == 0;
    lines.add(new LogLine(level, finished ? format + "" : MessageFormat.format(format, arguments)));
  }
}
