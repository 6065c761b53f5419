package org.postern.program.daemon;

import java.util.List;
import java.util.Optional;
import org.postern.program.log.LogSetup;

/**
 * How much is logged.
 *
 * @param level {@code info}; {@code debug} as with {@code -v}; {@code trace} as with two of them
 * @param before what it was, if it has been set
 */
public record LogLevel(String level, Optional<String> before) {
  private static final List<String> LEVELS = List.of("info", "debug", "trace");

  /** As it is. */
  static LogLevel now() {
    return new LogLevel(LEVELS.get(LogSetup.verbosity()), Optional.empty());
  }

  /**
   * Sets it.
   *
   * @param level its name, or how many {@code -v}
   * @return empty when there is none of this name
   */
  static Optional<LogLevel> set(String level) {
    int verbosity =
        LEVELS.contains(level) ? LEVELS.indexOf(level) : List.of("0", "1", "2").indexOf(level);
    if (verbosity < 0) {
      return Optional.empty();
    }
    String before = now().level();
    LogSetup.verbosity(verbosity);
    return Optional.of(new LogLevel(LEVELS.get(verbosity), Optional.of(before)));
  }
}
