package org.postern.driver.sql.mysql;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.ByteText;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.TableConfig;

/**
 * The characters of names and passwords that Connector/J makes the right bytes of: it sends them in
 * the connection's character set.
 */
final class ConnectionText {
  /** What Connector/J takes MySQL's latin1 for. */
  private static final Charset LATIN1 = Charset.forName("windows-1252");

  private ConnectionText() {}

  /**
   * The characters of a parameter.
   *
   * @param value its bytes
   * @throws TableUnavailableException when they are not in the connection's character set: the
   *     server would be told another name
   */
  static String of(TableConfig config, String parameter, String value, Charset charset)
      throws TableUnavailableException {
    if (charset.equals(StandardCharsets.UTF_8)) {
      return config.text(parameter, value);
    }
    String characters = of(value, charset);
    if (characters == null) {
      throw new TableUnavailableException(
          "%s: %s has bytes that are no characters in charset = %s"
              .formatted(
                  config.name(),
                  parameter,
                  charset.equals(StandardCharsets.US_ASCII) ? "ascii" : "latin1"));
    }
    return characters;
  }

  /** The characters that become these bytes; null when none do. */
  static @Nullable String of(String bytes, Charset charset) {
    if (ByteText.isAscii(bytes)) {
      return bytes;
    }
    if (charset.equals(StandardCharsets.UTF_8)) {
      return ByteText.decodeUtf8(bytes);
    }
    if (charset.equals(StandardCharsets.US_ASCII)) {
      return null;
    }
    String characters = new String(ByteText.bytes(bytes), LATIN1);
    return ByteText.of(characters.getBytes(LATIN1)).equals(bytes) ? characters : null;
  }
}
