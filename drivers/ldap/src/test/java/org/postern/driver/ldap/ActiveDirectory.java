package org.postern.driver.ldap;

import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchEntry;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has a directory give the values of an attribute as Active Directory does: no more than so many at
 * once, with the option {@code range} that says which.
 */
final class ActiveDirectory extends InMemoryOperationInterceptor {
  private static final String ASKED = "attributes asked for";

  private final String attribute;
  private final int most;
  private int searches;
  private int deafFrom = Integer.MAX_VALUE;

  /**
   * @param most how many values there are in one answer
   */
  ActiveDirectory(String attribute, int most) {
    this.attribute = attribute;
    this.most = most;
  }

  /** How often it was asked for these values. */
  synchronized int searches() {
    return searches;
  }

  /** Gives no values from this one on, as if somebody had deleted them meanwhile. */
  synchronized void giveNoneFrom(int first) {
    deafFrom = first;
  }

  @Override
  public void processSearchRequest(InMemoryInterceptedSearchRequest request) {
    List<String> asked = request.getRequest().getAttributeList();
    for (String name : asked) {
      if (name.regionMatches(true, 0, attribute, 0, attribute.length())) {
        request.setProperty(ASKED, name);
        SearchRequest plain = request.getRequest().duplicate();
        plain.setAttributes(asked.stream().map(one -> one.equals(name) ? attribute : one).toList());
        request.setRequest(plain);
        synchronized (this) {
          searches++;
        }
      }
    }
  }

  @Override
  public void processSearchEntry(InMemoryInterceptedSearchEntry found) {
    Object asked = found.getProperty(ASKED);
    SearchResultEntry entry = found.getSearchEntry();
    String[] values = entry.getAttributeValues(attribute);
    if (asked == null || values == null) {
      return;
    }
    AttributeRange range = AttributeRange.of(asked.toString());
    int first = range == null ? 0 : (int) range.first();
    if (range == null && values.length <= most) {
      return;
    }
    Entry part = new Entry(entry.getDN());
    entry.getAttributes().stream()
        .filter(other -> !other.getName().equalsIgnoreCase(attribute))
        .forEach(part::addAttribute);
    Attribute given = given(values, first);
    if (given != null) {
      part.addAttribute(given);
    }
    found.setSearchEntry(new SearchResultEntry(part));
  }

  private synchronized @Nullable Attribute given(String[] values, int first) {
    if (first >= values.length || first >= deafFrom) {
      return null;
    }
    int end = Math.min(values.length, first + most);
    String last = end == values.length ? "*" : String.valueOf(end - 1);
    return new Attribute(
        attribute + ";range=" + first + "-" + last, Arrays.copyOfRange(values, first, end));
  }
}
