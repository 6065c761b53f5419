package org.postern.driver.ldap;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which of an attribute's values a server has given, where it does not give all at once: Active
 * Directory's option {@code range}, as in {@code member;range=0-1499}. The rest must be asked for.
 *
 * @param attribute its name and other options
 * @param first the number of the first value, from 0 on
 * @param last that of the last one; -1 for the last there is
 */
record AttributeRange(String attribute, long first, long last) {
  private static final Pattern OPTION =
      Pattern.compile(";range=(\\d{1,10})-(\\d{1,10}|\\*)(?=;|$)", Pattern.CASE_INSENSITIVE);

  /** The range that a description has, or null for all values. */
  static @Nullable AttributeRange of(String description) {
    if (description.indexOf(';') < 0) {
      return null;
    }
    Matcher option = OPTION.matcher(description);
    if (!option.find()) {
      return null;
    }
    return new AttributeRange(
        description.substring(0, option.start()) + description.substring(option.end()),
        Long.parseLong(option.group(1)),
        option.group(2).equals("*") ? -1 : Long.parseLong(option.group(2)));
  }

  boolean isLast() {
    return last < 0;
  }

  /** The description by which to ask for the values that come after these. */
  String next() {
    return attribute + ";range=" + (last + 1) + "-*";
  }

  /** Whether another range begins where this one ends, and has something in it. */
  boolean isFollowedBy(@Nullable AttributeRange other) {
    return other != null
        && other.attribute.toLowerCase(Locale.ROOT).equals(attribute.toLowerCase(Locale.ROOT))
        && other.first == last + 1
        && (other.isLast() || other.last >= other.first);
  }

  /** For messages: {@code 0-1499}. */
  String shown() {
    return first + "-" + last;
  }
}
