package org.postern.driver.textfile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import org.postern.platform.text.ByteText;
import org.postern.spi.TableFlags;

/**
 * Folds the case of keys while a table is read, so that they meet the request keys that the host
 * has folded. ASCII only, or all of Unicode when the client asked for UTF-8.
 */
enum KeyFolding {
  /** Keys stay as they are. */
  NONE {
    @Override
    String fold(String key) {
      return key;
    }
  },

  /** A to Z become a to z. */
  ASCII {
    @Override
    String fold(String key) {
      return asciiLowerCase(key);
    }
  },

  /** Full case folding as the Unicode standard defines it (CaseFolding.txt, C and F). */
  UNICODE {
    @Override
    String fold(String key) {
      String characters = ByteText.isAscii(key) ? null : ByteText.decodeUtf8(key);
      if (characters == null) {
        return asciiLowerCase(key);
      }
      StringBuilder folded = new StringBuilder(characters.length());
      characters.codePoints().forEach(c -> appendFolded(folded, c));
      return ByteText.of(folded.toString().getBytes(UTF_8));
    }
  };

  abstract String fold(String key);

  /** The folding that instance flags ask for: {@link TableFlags}. */
  static KeyFolding of(int instanceFlags) {
    if ((instanceFlags & TableFlags.FOLD_FIX) == 0) {
      return NONE;
    }
    return (instanceFlags & TableFlags.UTF8_REQUEST) == 0 ? ASCII : UNICODE;
  }

  private static String asciiLowerCase(String key) {
    StringBuilder folded = new StringBuilder(key.length());
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      folded.append(c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c);
    }
    return folded.toString();
  }

  /**
   * Folding is "upper case in full, then lower case one by one", except for the letters below. A
   * whole String.toLowerCase would look at a sigma's neighbours, which folding does not.
   */
  private static void appendFolded(StringBuilder folded, int c) {
    switch (c) {
      case 0x130 -> folded.append("i\u0307"); // capital i with dot above
      case 0x131 -> folded.append('\u0131'); // dotless i has no other case
      case 0x1e9e -> folded.append("ss"); // capital sharp s
      default -> {
        String upper = Character.toString(c).toUpperCase(Locale.ROOT);
        if (isCherokee(c)) {
          folded.append(upper); // the one script that folds to its older, upper case letters
        } else {
          upper.codePoints().map(Character::toLowerCase).forEach(folded::appendCodePoint);
        }
      }
    }
  }

  private static boolean isCherokee(int c) {
    return (c >= 0x13a0 && c <= 0x13fd) || (c >= 0xab70 && c <= 0xabbf);
  }
}
