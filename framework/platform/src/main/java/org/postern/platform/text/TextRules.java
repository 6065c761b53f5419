package org.postern.platform.text;

import org.jspecify.annotations.Nullable;
import org.postern.spi.TableFlags;

/**
 * What the flags ask of keys and values, done here for all table types alike: checks for UTF-8
 * while that is active, and case folding, by Unicode then and of ASCII otherwise. Defined by
 * dict_utf8(3) and by the lookup functions of Postfix's table types.
 */
public enum TextRules {
  /** A table with keys of its own: all of it. */
  ALL,
  /** A table made of others: what UTF-8 asks, before its members do the same each for itself. */
  OF_UTF8,
  /** A table that only passes on to another one, which does all of it. */
  NONE;

  /**
   * The key to look up, or null when it is not valid UTF-8 and has to be.
   *
   * @param flags in force for the request
   * @param tableFlags the table's own: they tell whether its keys are fixed strings
   * @param utf8 whether UTF-8 is active
   */
  public byte @Nullable [] key(byte[] key, int flags, int tableFlags, boolean utf8) {
    return switch (this) {
      case ALL -> utf8 ? utf8(key, flags) : ascii(key, flags, tableFlags);
      case OF_UTF8 -> utf8 ? utf8(key, flags) : key;
      case NONE -> key;
    };
  }

  /** Whether the value may be in a table. */
  public boolean acceptable(byte[] value, boolean utf8) {
    return this == NONE || !utf8 || Utf8.isValid(value);
  }

  /**
   * What to log of a key that is not UTF-8.
   *
   * @param table a byte string
   */
  public static String badKey(String table, byte[] key) {
    return "%s: non-UTF-8 key \"%s\": malformed UTF-8 or invalid codepoint"
        .formatted(ByteStrings.printable(table), ByteStrings.printableBeginning(key));
  }

  /**
   * What to log of a value that is not UTF-8.
   *
   * @param table a byte string
   */
  public static String badValue(String table, byte[] key, byte[] value) {
    return "%s: key \"%s\": non-UTF-8 value \"%s\": malformed UTF-8 or invalid codepoint"
        .formatted(
            ByteStrings.printable(table),
            ByteStrings.printableBeginning(key),
            ByteStrings.printableBeginning(value));
  }

  private static byte @Nullable [] utf8(byte[] key, int flags) {
    if (!Utf8.isValid(key)) {
      return null;
    }
    return folds(flags, flags) ? CaseFold.utf8(key) : key;
  }

  private static byte[] ascii(byte[] key, int flags, int tableFlags) {
    return folds(flags, tableFlags) ? CaseFold.ascii(key) : key;
  }

  private static boolean folds(int flags, int fixedOrPattern) {
    int wanted =
        (fixedOrPattern & TableFlags.FIXED) != 0 ? TableFlags.FOLD_FIX : TableFlags.FOLD_MUL;
    return (flags & wanted) != 0;
  }
}
