package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.SearchScope;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a special attribute's value refers to: ldap_table(5), special_result_attribute. The server
 * that a URL names is not asked: all searches of a lookup go to the table's own.
 *
 * @param attributes what to ask for
 */
record Reference(String base, SearchScope scope, Filter filter, List<String> attributes) {
  /** As RFC 3986 and libldap have it: with or without URL: before it, and angle brackets around. */
  private static final Pattern URL =
      Pattern.compile(
          "(?:<(?:URL:)?(ldap[si]?://[^>]*)>|(?:URL:)?(ldap[si]?://.*))",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Filter ANY = Filter.createPresenceFilter("objectClass");

  Reference {
    attributes = List.copyOf(attributes);
  }

  /** One attribute of one entry. */
  static Reference toAttribute(String dn, String attribute) {
    return new Reference(dn, SearchScope.BASE, ANY, List.of(attribute));
  }

  /** What is asked, for an operator. */
  String shown() {
    return "%s at \"%s\", scope %s"
        .formatted(filter, base, scope.getName().toLowerCase(Locale.ROOT));
  }

  /**
   * Reads a value.
   *
   * @return null for a URL with attributes of which none is one of the table's
   * @throws LDAPException for a URL that cannot be read
   */
  static @Nullable Reference of(String value, ResultAttributes table) throws LDAPException {
    Matcher matcher = URL.matcher(value);
    if (!matcher.matches()) {
      return new Reference(value, SearchScope.BASE, ANY, table.requested());
    }
    LDAPURL url = new LDAPURL(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    List<String> attributes =
        url.attributesProvided()
            ? table.requested(List.of(url.getAttributes()))
            : table.requested();
    return attributes.isEmpty()
        ? null
        : new Reference(url.getBaseDN().toString(), url.getScope(), url.getFilter(), attributes);
  }
}
