package org.postern.platform.text;

import java.util.ArrayList;
import java.util.List;
import org.postern.spi.TableUnavailableException;

/** Text between braces, which may hold braces in pairs: {@code { name = value with spaces }}. */
public final class Braces {
  private static final String SEPARATORS = ", \t\r\n";

  private Braces() {}

  /** Whether the text begins with a brace. */
  public static boolean opens(String text) {
    return text.startsWith("{");
  }

  /** The length of the {@code {…}} that the text begins with; 0 when it is not closed. */
  public static int length(String text) {
    if (!opens(text)) {
      return 0;
    }
    int level = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{') {
        level++;
      } else if (c == '}') {
        level--;
        if (level == 0) {
          return i + 1;
        }
      }
    }
    return 0;
  }

  /**
   * What the braces around a text hold, without white space at its ends.
   *
   * @throws TableUnavailableException when the text is not in braces, the brace is not closed or
   *     more text follows it: to go into a longer message
   */
  public static String content(String text) throws TableUnavailableException {
    return ByteText.trim(inside(text));
  }

  /**
   * What the braces around a text hold, white space and all.
   *
   * @throws TableUnavailableException as {@link #content}
   */
  public static String inside(String text) throws TableUnavailableException {
    if (!opens(text)) {
      throw wrong("no '{' at start of text", text);
    }
    int length = length(text);
    if (length == 0) {
      throw wrong("missing '}'", text);
    }
    if (length < text.length()) {
      throw wrong("syntax error after '}'", text);
    }
    return text.substring(1, length - 1);
  }

  private static TableUnavailableException wrong(String what, String text) {
    return new TableUnavailableException(what + " in \"" + ByteText.printable(text) + '"');
  }

  /**
   * The words in a name that is {@code {word, word …}} as a whole: what tables are made of.
   *
   * @return empty when the name is not so
   */
  public static List<String> words(String name) {
    return length(name) == name.length() && !name.isEmpty()
        ? split(name.substring(1, name.length() - 1))
        : List.of();
  }

  /** Splits at commas and white space outside of braces. */
  public static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    int level = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : SEPARATORS.charAt(0);
      boolean separates = i == text.length() || (level == 0 && SEPARATORS.indexOf(c) >= 0);
      if (separates) {
        if (i > start) {
          words.add(text.substring(start, i));
        }
        start = i + 1;
      } else if (c == '{') {
        level++;
      } else if (c == '}' && level > 0) {
        level--;
      }
    }
    return words;
  }
}
