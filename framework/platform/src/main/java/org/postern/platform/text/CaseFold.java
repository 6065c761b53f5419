package org.postern.platform.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;

/**
 * Folds the case of keys. Both methods give the same array back when there is nothing to fold.
 *
 * <p>Postfix folds ASCII with lowercase(3), and UTF-8 with casefold(3): ICU's full case folding,
 * which is not what any one method of the JDK gives. Lower case of upper case of lower case is, for
 * every code point but the dotless i, which keeps itself, and the Cherokee letters, which fold to
 * upper case. The JDK knows letters of Unicode 16; an ICU older than 74 leaves the few that are new
 * alone.
 */
public final class CaseFold {
  private static final int DOTLESS_I = 0x131;

  private CaseFold() {}

  /** Makes A to Z small. */
  public static byte[] ascii(byte[] key) {
    for (int i = 0; i < key.length; i++) {
      if (isUpper(key[i])) {
        byte[] folded = key.clone();
        for (int j = i; j < folded.length; j++) {
          if (isUpper(folded[j])) {
            folded[j] |= 0x20;
          }
        }
        return folded;
      }
    }
    return key;
  }

  /**
   * Folds by Unicode.
   *
   * @param key valid UTF-8
   */
  public static byte[] utf8(byte[] key) {
    for (byte b : key) {
      if (b < 0) {
        return unicode(new String(key, UTF_8)).getBytes(UTF_8);
      }
    }
    return ascii(key);
  }

  private static String unicode(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    text.codePoints().forEach(letter -> fold(letter, folded));
    return folded.toString();
  }

  private static void fold(int letter, StringBuilder folded) {
    if (letter == DOTLESS_I) {
      folded.appendCodePoint(letter);
    } else if (Character.UnicodeScript.of(letter) == Character.UnicodeScript.CHEROKEE) {
      folded.appendCodePoint(Character.toUpperCase(letter));
    } else {
      Character.toString(letter)
          .toLowerCase(Locale.ROOT)
          .toUpperCase(Locale.ROOT)
          .codePoints()
          .map(Character::toLowerCase)
          .forEach(folded::appendCodePoint);
    }
  }

  private static boolean isUpper(byte b) {
    return b >= 'A' && b <= 'Z';
  }
}
