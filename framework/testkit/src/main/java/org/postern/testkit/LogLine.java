package org.postern.testkit;

/**
 * One line that a driver gave to its logger.
 *
 * @param level how important it is
 * @param text the finished message, without the name of the table that the host adds
 */
public record LogLine(System.Logger.Level level, String text) {
  boolean isTrouble() {
    return level.compareTo(System.Logger.Level.WARNING) >= 0;
  }
}
