package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Filters as libldap takes them: RFC 4515 with white space between the parts, and with or without
 * parentheses around a simple one.
 */
final class SearchFilter {
  private static final Pattern SPACE_INSIDE =
      Pattern.compile(
          "(?<=\\()[ \\t\\r\\n]+|(?<=\\([&|!])[ \\t\\r\\n]+|(?<=\\))[ \\t\\r\\n]+(?=[()])");
  private static final HexFormat HEX = HexFormat.of();
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.;_-]*");

  private SearchFilter() {}

  /** A template without the white space that stands between its parts. */
  static String compact(String template) {
    return SPACE_INSIDE.matcher(template).replaceAll("");
  }

  /** The same filter in ASCII: whatever the bytes beyond it are in, the server gets them. */
  static String ascii(String byteString) {
    StringBuilder ascii = new StringBuilder(byteString.length() + 8);
    for (int i = 0; i < byteString.length(); i++) {
      char c = byteString.charAt(i);
      if (c < 0x80) {
        ascii.append(c);
      } else {
        ascii.append('\\').append(HEX.toHexDigits((byte) c));
      }
    }
    return ascii.toString();
  }

  /**
   * Parses a filter.
   *
   * @throws LDAPException with {@link ResultCode#FILTER_ERROR}
   */
  static Filter parse(String text) throws LDAPException {
    if (!text.isEmpty() && "&|!".indexOf(text.charAt(0)) >= 0) {
      throw bad(text);
    }
    Filter filter = Filter.create(text);
    check(filter, text);
    return filter;
  }

  /** A server would take a name that cannot be one for an attribute that nothing has. */
  private static void check(Filter filter, String text) throws LDAPException {
    @Nullable String name = filter.getAttributeName();
    if (name != null && !NAME.matcher(name).matches()) {
      throw bad(text);
    }
    for (Filter part : filter.getComponents()) {
      check(part, text);
    }
    Filter negated = filter.getNOTComponent();
    if (negated != null) {
      check(negated, text);
    }
  }

  private static LDAPException bad(String text) {
    return new LDAPException(ResultCode.FILTER_ERROR, "not a filter: " + text);
  }
}
