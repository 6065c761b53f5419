package org.postern.host.approval;

import org.jspecify.annotations.Nullable;

/** The words of a list, split at commas and white space that are not inside braces. */
final class Words {
  private static final String SEPARATORS = ", \t\r\n";

  private final String text;
  private int position;

  Words(String text) {
    this.text = text;
  }

  /** The next word, never empty, or null after the last one. */
  @Nullable String next() {
    while (position < text.length() && isSeparator(text.charAt(position))) {
      position++;
    }
    if (position == text.length()) {
      return null;
    }
    int start = position;
    int level = 0;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '{') {
        level++;
      } else if (c == '}' && level > 0) {
        level--;
      } else if (level == 0 && isSeparator(c)) {
        break;
      }
      position++;
    }
    return text.substring(start, position);
  }

  private static boolean isSeparator(char c) {
    return SEPARATORS.indexOf(c) >= 0;
  }

  /** What is inside a word that begins with a brace. */
  static String insideBraces(String word) throws UnbalancedException {
    int level = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '{') {
        level++;
      } else if (c == '}' && --level == 0) {
        if (i + 1 < word.length()) {
          throw new UnbalancedException("syntax error after '}' in \"" + word + "\"");
        }
        return word.substring(1, i);
      }
    }
    throw new UnbalancedException("missing '}' in \"" + word + "\"");
  }

  /** A brace has no other, in Postfix's words. */
  static final class UnbalancedException extends Exception {
    private static final long serialVersionUID = 1;

    UnbalancedException(String message) {
      super(message);
    }
  }
}
