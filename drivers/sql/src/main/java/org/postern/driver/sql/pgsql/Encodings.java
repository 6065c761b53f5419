package org.postern.driver.sql.pgsql;

import java.util.Locale;
import java.util.Set;
import org.postern.platform.text.ByteText;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.TableConfig;

/** The parameter {@code encoding}: what the server converts keys from and values to. */
final class Encodings {
  /** Those in which the byte of a quote or backslash may be part of another character. */
  private static final Set<String> UNSAFE =
      Set.of(
          "sjis",
          "mskanji",
          "shiftjis",
          "win932",
          "windows932",
          "shiftjis2004",
          "shiftjisx0213",
          "big5",
          "win950",
          "windows950",
          "gbk",
          "win936",
          "windows936",
          "gb18030",
          "johab",
          "uhc",
          "win949",
          "windows949");

  private Encodings() {}

  /**
   * The name as the server is told it; whether there is such a one, the server knows.
   *
   * @throws TableUnavailableException when keys could not be quoted safely in it
   */
  static String of(TableConfig config) throws TableUnavailableException {
    String name = config.string("encoding", "UTF8", 1);
    if (UNSAFE.contains(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""))) {
      throw new TableUnavailableException(
          config.name()
              + ": encoding = "
              + ByteText.printable(name)
              + ": a quote may be part of a character in it; write UTF8");
    }
    return name;
  }
}
