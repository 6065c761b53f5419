package org.postern.host.service;

import org.jspecify.annotations.Nullable;
import org.postern.host.text.CaseFold;
import org.postern.host.text.Utf8;
import org.postern.spi.TableFlags;

/**
 * What the flags ask of keys and values, for all table types alike: checks for UTF-8 while that is
 * active, and case folding, by Unicode then and of ASCII otherwise. Defined by dict_utf8(3) and by
 * the lookup functions of Postfix's table types.
 */
final class TextRules {
  private TextRules() {}

  /**
   * The key to look up, or null when it is not valid UTF-8 and has to be.
   *
   * @param flags in force for the request
   * @param tableFlags the table's own: they tell whether its keys are fixed strings
   * @param utf8 whether UTF-8 is active
   */
  static byte @Nullable [] key(byte[] key, int flags, int tableFlags, boolean utf8) {
    if (utf8) {
      if (!Utf8.isValid(key)) {
        return null;
      }
      return folds(flags, flags) ? CaseFold.utf8(key) : key;
    }
    return folds(flags, tableFlags) ? CaseFold.ascii(key) : key;
  }

  static boolean acceptable(byte[] value, boolean utf8) {
    return !utf8 || Utf8.isValid(value);
  }

  private static boolean folds(int flags, int fixedOrPattern) {
    int wanted =
        (fixedOrPattern & TableFlags.FIXED) != 0 ? TableFlags.FOLD_FIX : TableFlags.FOLD_MUL;
    return (flags & wanted) != 0;
  }
}
