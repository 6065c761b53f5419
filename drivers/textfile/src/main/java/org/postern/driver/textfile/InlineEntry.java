package org.postern.driver.textfile;

import org.postern.platform.text.Braces;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.QuotedKey;
import org.postern.spi.TableUnavailableException;

/**
 * One {@code key = value} of an inline table.
 *
 * @param key a byte string, with its quotes if it has any
 * @param value a byte string, perhaps empty
 */
record InlineEntry(String key, String value) {

  /**
   * @param word {@code key=value}, or {@code {key = value}} where there is white space in it
   * @throws TableUnavailableException says what is wrong: to go into a longer message
   */
  static InlineEntry parse(String word) throws TableUnavailableException {
    String text = ByteText.trimStart(Braces.opens(word) ? Braces.content(word) : word);
    if (text.isEmpty()) {
      throw new TableUnavailableException("no key found; expected format: key = value");
    }
    int end = QuotedKey.end(text, c -> c == '=' || ByteText.isSpace((char) c));
    if (end == QuotedKey.UNBALANCED) {
      throw new TableUnavailableException("unbalanced '\"'");
    }
    String rest = ByteText.trimStart(text.substring(end));
    if (!rest.startsWith("=")) {
      throw new TableUnavailableException("missing '=' after attribute name");
    }
    return new InlineEntry(text.substring(0, end), ByteText.trim(rest.substring(1)));
  }
}
