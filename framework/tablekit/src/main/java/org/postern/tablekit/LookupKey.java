package org.postern.tablekit;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.postern.tablekit.Template.Expansion;

/**
 * A text taken apart as an address: a lookup key that may be asked for, or a value for a result
 * format.
 */
public final class LookupKey {
  private final String whole;
  private final int at;
  private @Nullable List<String> labels;

  LookupKey(String whole) {
    this.whole = whole;
    this.at = whole.lastIndexOf('@');
  }

  /** All of it, a byte string. */
  public String whole() {
    return whole;
  }

  /** What stands before the last {@code @}, or all when there is none. */
  public String user() {
    return at < 0 ? whole : whole.substring(0, at);
  }

  /** What stands after the last {@code @}; empty when there is none. */
  public String domain() {
    return at < 0 ? "" : whole.substring(at + 1);
  }

  boolean hasEmptyUser() {
    return at == 0;
  }

  /** The labels of the domain that are not empty, in the order in which they stand. */
  List<String> labels() {
    List<String> known = labels;
    if (known == null) {
      known = new ArrayList<>();
      StringTokenizer tokens = new StringTokenizer(domain(), ".");
      while (tokens.hasMoreTokens()) {
        known.add(tokens.nextToken());
      }
      labels = known;
    }
    return known;
  }

  /** The part that an expansion stands for, whichever its source. */
  public String part(Expansion expansion) {
    return switch (expansion.part()) {
      case WHOLE -> whole;
      case USER -> user();
      case DOMAIN -> domain();
      case LABEL -> labels().get(labels().size() - expansion.label());
    };
  }
}
