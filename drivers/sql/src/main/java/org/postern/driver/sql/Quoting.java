package org.postern.driver.sql;

import org.postern.driver.sql.QueryPlan.Place;
import org.postern.platform.text.ByteText;

/**
 * Puts a key into the text of a query where it cannot be bound. The text is UTF-8 or another
 * character set in which the bytes of quotes and backslashes are never part of another character.
 */
final class Quoting {

  private Quoting() {}

  static String quoted(String text, Place place) throws UnquotableException {
    if (text.indexOf('\0') >= 0) {
      throw new UnquotableException("a NUL");
    }
    return switch (place) {
      case ESCAPED_LITERAL -> text.replace("\\", "\\\\").replace("'", "''");
      case PLAIN_LITERAL -> text.replace("'", "''");
      case ESCAPED_DOUBLE_QUOTES -> text.replace("\\", "\\\\").replace("\"", "\"\"");
      case PLAIN_DOUBLE_QUOTES -> text.replace("\"", "\"\"");
      case BACKTICKS -> text.replace("`", "``");
      case BARE -> bare(text);
    };
  }

  /**
   * A literal of PostgreSQL's that is read in the same way whatever the server's {@code
   * standard_conforming_strings} is. Like a literal of the query itself, it has no type yet.
   */
  static String literal(String text) throws UnquotableException {
    return text.indexOf('\\') < 0
        ? "'" + quoted(text, Place.PLAIN_LITERAL) + "'"
        : " E'" + quoted(text, Place.ESCAPED_LITERAL) + "'";
  }

  /** In the bare text nothing can be quoted: only what cannot be more than a word goes there. */
  private static String bare(String text) throws UnquotableException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isWord =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '.'
              || c > 0x7f;
      if (!isWord) {
        throw new UnquotableException(
            "'" + ByteText.printable(text) + "' outside of quotes in the query");
      }
    }
    return text;
  }
}
