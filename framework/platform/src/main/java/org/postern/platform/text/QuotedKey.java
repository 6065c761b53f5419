package org.postern.platform.text;

import java.util.function.IntPredicate;

/**
 * Finds the end of a key in which white space may be quoted: {@code "john doe"@example.com}. Quotes
 * and backslashes are part of the key: an address has to be looked up as it is written.
 */
public final class QuotedKey {
  /** The result when a quote is not closed. */
  public static final int UNBALANCED = -1;

  private QuotedKey() {}

  /**
   * Finds where the key at the beginning of a text ends.
   *
   * @param end tells the characters that end a key unless they stand between quotes or behind a
   *     backslash
   * @return the index of the first of them, or the text's length, or {@link #UNBALANCED}
   */
  public static int end(String text, IntPredicate end) {
    boolean quoted = false;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && end.test(c)) {
        return i;
      }
      i++;
    }
    return quoted ? UNBALANCED : text.length();
  }
}
