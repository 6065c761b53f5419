package org.postern.config;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.ByteStrings;
import org.postern.platform.text.ByteText;

/**
 * The logical lines of a Postfix file, as postconf(5) defines them: lines that are empty, all white
 * space, or begin with {@code #} after white space, are dropped wherever they are; a line that
 * begins with white space continues the one before it.
 */
public final class LogicalLines {

  /**
   * One logical line.
   *
   * @param text byte string, up to the first NUL, which Postfix takes for its end
   * @param number where it begins, counted from 1
   */
  public record Line(String text, int number) {}

  private final String path;
  private final String content;
  private final Consumer<String> warnings;
  private int position;
  private int lineNumber;

  /**
   * @param path for warnings
   * @param content byte string
   * @param warnings takes what Postfix would warn of, in its words
   */
  public LogicalLines(String path, String content, Consumer<String> warnings) {
    this.path = path;
    this.content = content;
    this.warnings = warnings;
  }

  /** The next line, or null after the last one. */
  public @Nullable Line next() {
    while (true) {
      StringBuilder text = new StringBuilder();
      int first = readInto(text);
      if (text.isEmpty()) {
        return null;
      }
      if (!ByteText.isSpace(text.charAt(0))) {
        return new Line(ByteStrings.upToNul(text.toString()), first);
      }
      warnings.accept(
          path
              + ": logical line must not start with whitespace: \""
              + text.substring(0, Math.min(30, text.length()))
              + (text.length() > 30 ? "..." : "")
              + "\"");
    }
  }

  private int readInto(StringBuilder text) {
    int first = lineNumber;
    boolean nul = false;
    while (true) {
      int start = text.length();
      int newline = content.indexOf('\n', position);
      int end = newline < 0 ? content.length() : newline;
      text.append(content, position, end);
      position = newline < 0 ? end : end + 1;
      if (newline >= 0 || text.length() > start) {
        lineNumber++;
      }
      nul |= text.indexOf("\0", start) >= 0;
      if (isBlankOrComment(text, start)) {
        text.setLength(start);
      }
      if (start == 0) {
        first = lineNumber;
      }
      if (newline < 0 || (!text.isEmpty() && !goesOn())) {
        break;
      }
    }
    if (nul) {
      warnings.accept(
          path
              + ", line "
              + (first == lineNumber ? "" + first : first + "-" + lineNumber)
              + ": text after null byte may be ignored");
    }
    return first;
  }

  private boolean goesOn() {
    if (position == content.length()) {
      return false;
    }
    char next = content.charAt(position);
    return next == '#' || ByteText.isSpace(next);
  }

  private static boolean isBlankOrComment(StringBuilder text, int start) {
    int i = start;
    while (i < text.length() && ByteText.isSpace(text.charAt(i))) {
      i++;
    }
    return i == text.length() || text.charAt(i) == '#';
  }
}
