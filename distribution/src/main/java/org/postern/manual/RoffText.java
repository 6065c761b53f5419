package org.postern.manual;

/**
 * Words within a line of roff: nothing in them is taken for a request, and no character is changed.
 */
final class RoffText {
  private RoffText() {}

  /** Running text. */
  static String plain(String text) {
    return escaped(text, false);
  }

  /** What is typed or printed, character by character: not to be divided, and fit for pasting. */
  static String code(String text) {
    return escaped(text, true);
  }

  static String bold(String roff) {
    return "\\fB" + roff + "\\fR";
  }

  static String italic(String roff) {
    return "\\fI" + roff + "\\fR";
  }

  private static String escaped(String text, boolean code) {
    StringBuilder roff = new StringBuilder();
    text.codePoints()
        .forEach(character -> {
          switch (character) {
            case '\\' -> roff.append("\\e");
            case '-' -> roff.append(code ? "\\-" : "-");
            case '\'' -> roff.append(code ? "\\(aq" : "'");
            case '`' -> roff.append("\\(ga");
            case '^' -> roff.append("\\(ha");
            case '~' -> roff.append("\\(ti");
            default -> {
              if (character < 0x80) {
                roff.append((char) character);
              } else {
                roff.append("\\[u%04X]".formatted(character));
              }
            }
          }
        });
    return roff.toString();
  }
}
