package org.postern.driver.ldap;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResultEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.postern.driver.ldap.ResultAttributes.Kind;
import org.postern.platform.text.ByteText;
import org.postern.tablekit.JoinedValues;

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
    List<SearchResultEntry> follow(Reference reference) throws LDAPException, LookupFailedException;
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

  /** What remains to be done. */
  private sealed interface Step {}

  /**
   * An entry's attributes are to be added.
   *
   * @param depth 1 for those that the table's own filter found
   */
  private record OfEntry(SearchResultEntry entry, int depth) implements Step {}

  /** An attribute's values, or those of them that the server has given. */
  private record OfAttribute(String dn, Attribute attribute, Kind kind, int depth)
      implements Step {}

  /** The values that come after some. */
  private record OfRest(String dn, AttributeRange range, Kind kind, int depth) implements Step {}

  /** What a value of a special attribute refers to. */
  private record OfReference(String attribute, ASN1OctetString value, int depth) implements Step {}

  /** The next one is on top. Not the thread's own stack: tables may ask for any depth. */
  private final Deque<Step> steps = new ArrayDeque<>();

  /**
   * Adds what some entries hold, and what they refer to, until there are more values than the table
   * may give.
   *
   * @throws LDAPException when the connection has failed
   */
  void add(List<SearchResultEntry> entries) throws LDAPException, LookupFailedException {
    next(entries.stream().map(entry -> new OfEntry(entry, 1)).toList());
    boolean goesOn = true;
    while (goesOn && !steps.isEmpty()) {
      Step step = steps.pop();
      if (step instanceof OfEntry(SearchResultEntry entry, int depth)) {
        next(attributes(entry, depth));
      } else if (step instanceof OfAttribute of) {
        goesOn = take(of);
      } else if (step instanceof OfRest(String dn, AttributeRange range, Kind kind, int depth)) {
        steps.push(new OfAttribute(dn, rest(dn, range), kind, depth));
      } else {
        OfReference of = (OfReference) step;
        next(
            followed(of.attribute(), of.value(), of.depth()).stream()
                .map(entry -> new OfEntry(entry, of.depth() + 1))
                .toList());
      }
    }
  }

  private boolean take(OfAttribute of) {
    Attribute attribute = of.attribute();
    AttributeRange range = AttributeRange.of(attribute.getName());
    if (range != null
        && !range.isLast()
        && !table.attributes().isRangeWanted(attribute.getName())) {
      steps.push(new OfRest(of.dn(), range, of.kind(), of.depth()));
    }
    if (of.kind() == Kind.SPECIAL) {
      next(references(attribute, of.depth()));
      return true;
    }
    return addValues(attribute);
  }

  private void next(List<? extends Step> inOrder) {
    inOrder.reversed().forEach(steps::push);
  }

  private List<Step> attributes(SearchResultEntry entry, int depth) {
    ResultAttributes attributes = table.attributes();
    boolean isTerminal = !attributes.terminal().isEmpty() && has(entry, Kind.TERMINAL);
    boolean isLeaf = attributes.leaf().isEmpty() || !has(entry, Kind.SPECIAL);
    List<Step> those = new ArrayList<>();
    for (Attribute attribute : entry.getAttributes()) {
      Kind kind = attributes.kind(attribute.getName());
      if (kind != null && (!isTerminal || kind == Kind.TERMINAL) && (isLeaf || kind != Kind.LEAF)) {
        those.add(new OfAttribute(entry.getDN(), attribute, kind, depth));
      }
    }
    return those;
  }

  private static List<Step> references(Attribute attribute, int depth) {
    return Stream.of(attribute.getRawValues())
        .<Step>map(value -> new OfReference(attribute.getName(), value, depth))
        .toList();
  }

  /** The next part of an attribute's values. */
  private Attribute rest(String dn, AttributeRange range)
      throws LDAPException, LookupFailedException {
    for (SearchResultEntry entry : found(Reference.toAttribute(dn, range.next()), dn)) {
      for (Attribute attribute : entry.getAttributes()) {
        if (range.isFollowedBy(AttributeRange.of(attribute.getName()))) {
          return attribute;
        }
      }
    }
    throw new LookupFailedException(
        "the server gives values " + range.shown() + " of " + dn + " and not the rest");
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

  private List<SearchResultEntry> followed(String attribute, ASN1OctetString bytes, int depth)
      throws LDAPException, LookupFailedException {
    String raw = ByteText.untilNul(ByteText.of(bytes.getValue()));
    if (!ByteText.isUtf8(raw)) {
      throw new LookupFailedException(
          "search error 34: Invalid DN syntax for " + ByteText.printable(raw) + ", not UTF-8");
    }
    String value = new String(ByteText.bytes(raw), StandardCharsets.UTF_8);
    if (depth >= table.recursionLimit()) {
      throw new LookupFailedException(
          "Recursion limit exceeded for special attribute " + attribute + "=" + value);
    }
    return referred(value);
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
    return reference == null ? List.of() : found(reference, value);
  }

  private List<SearchResultEntry> found(Reference reference, String value)
      throws LDAPException, LookupFailedException {
    try {
      return search.follow(reference);
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
