package org.postern.tablekit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.postern.platform.text.ByteText;

/** Text in a URI, in which some bytes stand as {@code %20}: RFC 3986, 2.1. */
public final class UriText {

  private UriText() {}

  /**
   * The characters that are meant.
   *
   * @throws IllegalArgumentException with words for the operator, when a percent sign is not
   *     followed by two hexadecimal digits, or the bytes are not UTF-8. The text is not in them: it
   *     may be a password
   */
  public static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        decoded.write(bytes[i]);
        continue;
      }
      if (i + 2 >= bytes.length
          || !HexFormat.isHexDigit(bytes[i + 1])
          || !HexFormat.isHexDigit(bytes[i + 2])) {
        throw new IllegalArgumentException("a % without two hexadecimal digits; write %25 for it");
      }
      decoded.write(
          (HexFormat.fromHexDigit(bytes[i + 1]) << 4) | HexFormat.fromHexDigit(bytes[i + 2]));
      i += 2;
    }
    String characters = ByteText.decodeUtf8(ByteText.of(decoded.toByteArray()));
    if (characters == null) {
      throw new IllegalArgumentException("its percent signs stand for bytes that are not UTF-8");
    }
    return characters;
  }
}
