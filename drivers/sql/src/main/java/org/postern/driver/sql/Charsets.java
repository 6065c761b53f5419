package org.postern.driver.sql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.sql.SQLException;
import java.util.Locale;
import org.postern.platform.text.ByteText;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.TableConfig;

/** The character sets that keys and values may be in. */
public final class Charsets {

  private Charsets() {}

  /**
   * The character set that a parameter names.
   *
   * @throws TableUnavailableException when it is another than UTF-8, latin1 or ASCII: one whose
   *     characters may have the bytes of quotes in them is not safe
   */
  public static Charset of(TableConfig config, String parameter, String otherwise)
      throws TableUnavailableException {
    String name = config.string(parameter, otherwise, 1).toLowerCase(Locale.ROOT);
    return switch (name) {
      case "utf8mb4", "utf8mb3", "utf8", "utf-8", "unicode" -> UTF_8;
      case "latin1", "iso_8859_1", "iso-8859-1", "iso88591" -> ISO_8859_1;
      case "ascii", "sql_ascii", "us_ascii" -> US_ASCII;
      default ->
          throw new TableUnavailableException(
              config.name()
                  + ": "
                  + parameter
                  + " = "
                  + ByteText.printable(name)
                  + ": not supported; write utf8mb4 or latin1 (mysql), UTF8 or LATIN1 (pgsql)");
    };
  }

  /**
   * The characters that bytes are.
   *
   * @param bytes a byte string
   * @throws UnquotableException when they are none in this character set: another key must not be
   *     asked for instead
   */
  static String characters(String bytes, Charset charset) throws UnquotableException {
    if (ByteText.isAscii(bytes)) {
      return bytes;
    }
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(ByteText.bytes(bytes))).toString();
    } catch (CharacterCodingException e) {
      throw new UnquotableException("\"" + ByteText.printable(bytes) + "\" is not " + charset);
    }
  }

  /**
   * The bytes that characters are.
   *
   * @return a byte string
   * @throws SQLException when they have none in this character set: another value must not be
   *     answered instead
   */
  static String bytes(String characters, Charset charset) throws SQLException {
    if (ByteText.isAscii(characters)) {
      return characters;
    }
    try {
      ByteBuffer bytes = charset.newEncoder().encode(CharBuffer.wrap(characters));
      byte[] own = new byte[bytes.remaining()];
      bytes.get(own);
      return ByteText.of(own);
    } catch (CharacterCodingException e) {
      throw new SQLException("a value has characters that " + charset + " does not have", e);
    }
  }
}
