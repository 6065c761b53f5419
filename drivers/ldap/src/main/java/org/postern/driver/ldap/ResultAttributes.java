package org.postern.driver.ldap;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that a table takes from entries, by what becomes of their values: ldap_table(5).
 * Names may have options ({@code mail;lang-en}), and are compared without regard to case.
 *
 * @param terminal {@code terminal_result_attribute}: where an entry has one, its others don't count
 * @param leaf {@code leaf_result_attribute}: not taken from an entry that has special ones
 * @param ordinary {@code result_attribute}
 * @param special {@code special_result_attribute}: the values are DNs or LDAP URLs to follow
 */
record ResultAttributes(
    List<String> terminal, List<String> leaf, List<String> ordinary, List<String> special) {

  enum Kind {
    TERMINAL,
    LEAF,
    ORDINARY,
    SPECIAL
  }

  /** What a request that wants no attribute asks for: RFC 4511. */
  private static final List<String> NONE = List.of("1.1");

  ResultAttributes {
    terminal = List.copyOf(terminal);
    leaf = List.copyOf(leaf);
    ordinary = List.copyOf(ordinary);
    special = List.copyOf(special);
  }

  /**
   * What an attribute is to this table, or null for nothing. An attribute in several of the lists
   * counts where it stands first.
   *
   * @param description as the server names it, options and all
   */
  @Nullable Kind kind(String description) {
    if (holds(terminal, description)) {
      return Kind.TERMINAL;
    }
    if (holds(leaf, description)) {
      return Kind.LEAF;
    }
    if (holds(ordinary, description)) {
      return Kind.ORDINARY;
    }
    return holds(special, description) ? Kind.SPECIAL : null;
  }

  private static boolean holds(List<String> names, String description) {
    for (String name : names) {
      if (includes(name, description)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the table names this part of an attribute's values itself, range and all. */
  boolean isRangeWanted(String description) {
    return all().anyMatch(name -> AttributeRange.of(name) != null && includes(name, description));
  }

  /** What to ask a server for. */
  List<String> requested() {
    List<String> all = all().distinct().toList();
    return all.isEmpty() ? NONE : all;
  }

  /**
   * What to ask a server for, of the attributes that an LDAP URL names. An option in one of the two
   * names narrows the other; beyond that they must be the same.
   *
   * @return empty when none of them is one of the table's
   */
  List<String> requested(List<String> ofUrl) {
    Set<String> both = new LinkedHashSet<>();
    for (String name : ofUrl) {
      for (String own : all().toList()) {
        if (includes(own, name)) {
          both.add(name);
        } else if (includes(name, own)) {
          both.add(own);
        }
      }
    }
    return List.copyOf(both);
  }

  private Stream<String> all() {
    return Stream.of(terminal, leaf, ordinary, special).flatMap(List::stream);
  }

  /** Whether a description is this name, or this name with more options. */
  private static boolean includes(String name, String description) {
    return description.regionMatches(true, 0, name, 0, name.length())
        && (description.length() == name.length() || description.charAt(name.length()) == ';');
  }
}
