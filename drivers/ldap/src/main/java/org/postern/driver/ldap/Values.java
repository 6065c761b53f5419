package org.postern.driver.ldap;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResultEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.postern.driver.database.JoinedValues;
import org.postern.driver.file.text.ByteText;
import org.postern.driver.ldap.ResultAttributes.Kind;

/**
 * Gathers the values of one lookup: those of the entries found, and of the entries that these refer
 * to. Which of an entry's attributes count is said in ldap_table(5).
 */
final class Values {
  /** Searches on the lookup's connection. */
  interface Search {
    /**
     * The entries that a DN or URL refers to.
     *
     * @throws LDAPException as the server answered
     */
    List<SearchResultEntry> follow(Reference reference) throws LDAPException;
  }

  private final TableSettings table;
  private final Search search;
  private final JoinedValues joined;
  private final System.Logger logger;

  Values(TableSettings table, Search search, JoinedValues joined, System.Logger logger) {
    this.table = table;
    this.search = search;
    this.joined = joined;
    this.logger = logger;
  }

  /**
   * Adds what some entries hold.
   *
   * @param depth 1 for those that the table's own filter found
   * @return false when there are more values than the table may give
   * @throws LDAPException when the connection has failed
   */
  boolean add(List<SearchResultEntry> entries, int depth)
      throws LDAPException, LookupFailedException {
    for (SearchResultEntry entry : entries) {
      if (!add(entry, depth)) {
        return false;
      }
    }
    return true;
  }

  private boolean add(SearchResultEntry entry, int depth)
      throws LDAPException, LookupFailedException {
    ResultAttributes attributes = table.attributes();
    boolean isTerminal = !attributes.terminal().isEmpty() && has(entry, Kind.TERMINAL);
    boolean isLeaf = attributes.leaf().isEmpty() || !has(entry, Kind.SPECIAL);
    for (Attribute attribute : entry.getAttributes()) {
      Kind kind = attributes.kind(attribute.getName());
      if (kind == null || (isTerminal && kind != Kind.TERMINAL)) {
        continue;
      }
      boolean goesOn =
          switch (kind) {
            case TERMINAL, ORDINARY -> addValues(attribute);
            case LEAF -> !isLeaf || addValues(attribute);
            case SPECIAL -> follow(attribute, depth);
          };
      if (!goesOn) {
        return false;
      }
    }
    return true;
  }

  private boolean has(SearchResultEntry entry, Kind kind) {
    for (Attribute attribute : entry.getAttributes()) {
      if (attribute.size() > 0 && table.attributes().kind(attribute.getName()) == kind) {
        return true;
      }
    }
    return false;
  }

  private boolean addValues(Attribute attribute) {
    for (ASN1OctetString value : attribute.getRawValues()) {
      if (!joined.add(ByteText.of(value.getValue()))) {
        return false;
      }
    }
    return true;
  }

  private boolean follow(Attribute attribute, int depth)
      throws LDAPException, LookupFailedException {
    for (ASN1OctetString bytes : attribute.getRawValues()) {
      String value = ByteText.untilNul(new String(bytes.getValue(), StandardCharsets.UTF_8));
      if (depth >= table.recursionLimit()) {
        throw new LookupFailedException(
            "Recursion limit exceeded for special attribute " + attribute.getName() + "=" + value);
      }
      if (!add(referred(value), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private List<SearchResultEntry> referred(String value)
      throws LDAPException, LookupFailedException {
    Reference reference;
    try {
      reference = Reference.of(value, table.attributes());
    } catch (LDAPException e) {
      throw e.getResultCode().equals(ResultCode.FILTER_ERROR)
          ? failed(e, value)
          : new LookupFailedException("malformed URL " + value + ": " + e.getExceptionMessage());
    }
    try {
      return reference == null ? List.of() : search.follow(reference);
    } catch (LDAPException e) {
      ResultCode code = e.getResultCode();
      if (code.equals(ResultCode.NO_SUCH_OBJECT)) {
        logger.log(
            System.Logger.Level.WARNING, table.name() + ": DN " + value + " not found, skipping");
        return List.of();
      }
      if (LdapError.connectionLost(code) || code.equals(ResultCode.TIMEOUT)) {
        throw e;
      }
      throw failed(e, value);
    }
  }

  private static LookupFailedException failed(LDAPException e, String value) {
    return new LookupFailedException("search error " + LdapError.text(e) + " for " + value);
  }
}
