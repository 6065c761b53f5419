package org.postern.driver.sql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.Locale;
import org.postern.driver.database.TableConfig;
import org.postern.driver.file.text.ByteText;
import org.postern.spi.TableUnavailableException;

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
}
