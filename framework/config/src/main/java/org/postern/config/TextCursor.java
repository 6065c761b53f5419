package org.postern.config;

/** A place in a text that moves forward. */
final class TextCursor {

  /** Which characters to take. */
  interface CharacterTest {
    boolean test(char c);
  }

  private final String text;
  private int position;

  TextCursor(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return position == text.length();
  }

  /** The character here, or NUL at the end: no text has one inside. */
  char peek() {
    return atEnd() ? '\0' : text.charAt(position);
  }

  void advance() {
    position++;
  }

  String rest() {
    return text.substring(position);
  }

  String takeRest() {
    String rest = rest();
    position = text.length();
    return rest;
  }

  String takeWhile(CharacterTest wanted) {
    int start = position;
    while (!atEnd() && wanted.test(peek())) {
      position++;
    }
    return text.substring(start, position);
  }

  void skipSpace() {
    takeWhile(TextCursor::isSpace);
  }

  /** Goes to a brace if only white space is before it, else stays. */
  boolean findBrace() {
    int start = position;
    skipSpace();
    if (peek() == '{') {
      return true;
    }
    position = start;
    return false;
  }

  /** What is between the brace here and the one that closes it; skips white space behind. */
  String takeBraces() throws SyntaxException {
    int start = position + 1;
    int level = 1;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{') {
        level++;
      } else if (c == '}' && --level == 0) {
        position = i + 1;
        skipSpace();
        return text.substring(start, i);
      }
    }
    throw new SyntaxException(
        "unbalanced {} in attribute expression: \"" + SyntaxException.shorten(rest()) + "\"");
  }

  /** The white space of Postfix's expressions: not all that isspace(3) knows. */
  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
