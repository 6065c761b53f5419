package org.postern.config;

import org.postern.platform.text.ByteText;

/** {@code major[.minor[.patch]]}, as compatibility_level has it: postconf(5). */
final class CompatibilityLevel {
  private static final int FIELD_BITS = 10;
  private static final long LARGEST_FIELD = (1L << FIELD_BITS) - 1;
  private static final long LARGEST_MAJOR = Long.MAX_VALUE >> (2 * FIELD_BITS);

  private CompatibilityLevel() {}

  /** A number that grows with the level. */
  static long parse(String text) throws SyntaxException {
    String[] fields = text.split("\\.", -1);
    if (fields.length > 3) {
      throw malformed(text);
    }
    long level = 0;
    for (int i = 0; i < 3; i++) {
      long field = i < fields.length ? field(fields[i], text) : 0;
      if (field < 0 || field > (i == 0 ? LARGEST_MAJOR : LARGEST_FIELD)) {
        throw malformed(text);
      }
      level = level << FIELD_BITS | field;
    }
    return level;
  }

  /** As strtol(3): white space and a sign may come first. */
  private static long field(String field, String text) throws SyntaxException {
    int start = 0;
    while (start < field.length() && ByteText.isSpace(field.charAt(start))) {
      start++;
    }
    try {
      return Long.parseLong(field.substring(start));
    } catch (NumberFormatException e) {
      throw malformed(text);
    }
  }

  private static SyntaxException malformed(String text) {
    return new SyntaxException(
        "malformed compatibility level syntax: \"" + SyntaxException.shorten(text) + "\"");
  }
}
