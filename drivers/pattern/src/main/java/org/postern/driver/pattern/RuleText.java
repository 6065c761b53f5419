package org.postern.driver.pattern;

import java.util.Locale;
import org.postern.platform.text.ByteText;

/** A rule's text, read from its beginning to its end. A byte string. */
final class RuleText {
  private final String text;
  private int position;

  RuleText(String text) {
    this.text = text;
  }

  /** Letters and digits of the C locale: isalnum(3). */
  static boolean isAlphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  boolean isAtEnd() {
    return position >= text.length();
  }

  /** The character at the position, or NUL at the end. */
  char peek() {
    return isAtEnd() ? '\0' : text.charAt(position);
  }

  char next() {
    char c = peek();
    position++;
    return c;
  }

  /** What has not been read yet. */
  String rest() {
    return text.substring(Math.min(position, text.length()));
  }

  void skipSpace() {
    while (!isAtEnd() && ByteText.isSpace(peek())) {
      position++;
    }
  }

  /**
   * Reads exclamation marks, with or without white space between them.
   *
   * @return whether they leave the sense as it is
   */
  boolean skipNegations() {
    boolean positive = true;
    while (!isAtEnd() && (peek() == '!' || ByteText.isSpace(peek()))) {
      positive ^= next() == '!';
    }
    return positive;
  }

  /** Reads until the next white space. */
  String word() {
    int start = position;
    while (!isAtEnd() && !ByteText.isSpace(peek())) {
      position++;
    }
    return text.substring(start, position);
  }

  /** Reads a word of the rule language, in any case, that no letter or digit follows. */
  boolean skipKeyword(String keyword) {
    int end = position + keyword.length();
    if (text.length() < end
        || !text.substring(position, end).toUpperCase(Locale.ROOT).equals(keyword)
        || (text.length() > end && isAlphanumeric(text.charAt(end)))) {
      return false;
    }
    position = end;
    return true;
  }
}
