package org.postern.driver.pattern;

import org.jspecify.annotations.Nullable;

/**
 * Finds a text that every match of a regular expression holds: the longest run of plain characters
 * outside of groups. Where the expression holds what this reader does not know for certain, none.
 */
final class RequiredLiteral {
  private static final String NONE = "";

  /** Letters that after a backslash are one element of a perl expression, and take nothing more. */
  private static final String PERL_ELEMENTS = "dDwWsSbBAzZhHvVRnrtfea";

  private static final String QUANTIFIERS = "*+?{";

  private final String pattern;
  private final boolean perl;
  private final StringBuilder run = new StringBuilder();
  private String longest = NONE;
  private int position;

  private RequiredLiteral(String pattern, boolean perl) {
    this.pattern = pattern;
    this.perl = perl;
  }

  /**
   * The literal of an extended regular expression, regex(7), as the GNU C library reads it.
   *
   * @param pattern a byte string
   * @return in lower case; empty when none is known
   */
  static String ofExtended(String pattern) {
    return new RequiredLiteral(pattern, false).find();
  }

  /** The literal of a perl compatible expression, pcre2pattern(3), without the option EXTENDED. */
  static String ofPerl(String pattern) {
    return new RequiredLiteral(pattern, true).find();
  }

  private String find() {
    while (position < pattern.length()) {
      if (!element()) {
        return NONE;
      }
    }
    endRun();
    return lowerCase(longest);
  }

  /** Reads one element with its quantifiers. False when the expression is not understood. */
  private boolean element() {
    char c = pattern.charAt(position++);
    return switch (c) {
      case '|', ')', '{' -> false;
      case '(' -> ended(group());
      case '[' -> ended(bracket());
      case '.', '^', '$', '*', '+', '?', '}' -> ended(true);
      case '\\' -> escape();
      default -> literal(c);
    };
  }

  /** After an element that is no plain character: the run is over. */
  private boolean ended(boolean understood) {
    endRun();
    return understood && quantifiers() != null;
  }

  private boolean escape() {
    if (position == pattern.length()) {
      return false;
    }
    char c = pattern.charAt(position++);
    if (!RuleText.isAlphanumeric(c)) {
      return (perl || isPunctuation(c)) && literal(c);
    }
    // Others are a reference, a quotation, a code: some take more than one character.
    return ended(!perl || PERL_ELEMENTS.indexOf(c) >= 0);
  }

  private boolean literal(char c) {
    String quantifiers = quantifiers();
    if (quantifiers == null) {
      return false;
    }
    if (quantifiers.isEmpty()) {
      run.append(c);
    } else if (quantifiers.equals("+")) {
      run.append(c);
      endRun();
    } else {
      endRun(); // perhaps it is not there at all
    }
    return true;
  }

  /** Reads quantifiers, or gives null when a brace opens none. */
  private @Nullable String quantifiers() {
    int start = position;
    while (position < pattern.length() && QUANTIFIERS.indexOf(pattern.charAt(position)) >= 0) {
      if (pattern.charAt(position++) == '{' && !interval()) {
        return null;
      }
    }
    return pattern.substring(start, position);
  }

  /** Reads the rest of an interval: digits and a comma, then the closing brace. */
  private boolean interval() {
    while (position < pattern.length()) {
      char c = pattern.charAt(position++);
      if (c == '}') {
        return true;
      }
      if (c != ',' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return false;
  }

  /** Reads the rest of a bracket expression. */
  private boolean bracket() {
    if (position < pattern.length() && pattern.charAt(position) == '^') {
      position++;
    }
    boolean first = true;
    while (position < pattern.length()) {
      char c = pattern.charAt(position++);
      if (c == ']' && !first) {
        return true;
      }
      first = false;
      if (c == '[' && position < pattern.length() && ".:=".indexOf(pattern.charAt(position)) >= 0) {
        if (!characterClass()) {
          return false;
        }
      } else if (c == '\\' && perl) {
        if (position == pattern.length() || "Qc".indexOf(pattern.charAt(position)) >= 0) {
          return false;
        }
        position++;
      }
    }
    return false;
  }

  /** Reads the rest of <code>[:alpha:]</code>. */
  private boolean characterClass() {
    int end = pattern.indexOf(":]", position + 1);
    if (pattern.charAt(position) != ':'
        || end < 0
        || !pattern.substring(position + 1, end).chars().allMatch(c -> c >= 'a' && c <= 'z')) {
      return false;
    }
    position = end + 2;
    return true;
  }

  /** Reads the rest of a group, with those in it. */
  private boolean group() {
    if (position < pattern.length() && "?*".indexOf(pattern.charAt(position)) >= 0) {
      boolean plain =
          perl
              && pattern.charAt(position) == '?'
              && position + 1 < pattern.length()
              && ":=!".indexOf(pattern.charAt(position + 1)) >= 0;
      if (!plain) {
        return false; // options, comments, verbs: they change what comes after them
      }
      position += 2;
    }
    while (position < pattern.length()) {
      char c = pattern.charAt(position++);
      switch (c) {
        case ')' -> {
          return true;
        }
        case '(' -> {
          if (!group()) {
            return false;
          }
        }
        case '[' -> {
          if (!bracket()) {
            return false;
          }
        }
        case '\\' -> {
          if (position == pattern.length() || "QcE".indexOf(pattern.charAt(position)) >= 0) {
            return false;
          }
          position++;
        }
        default -> {}
      }
    }
    return false;
  }

  private void endRun() {
    if (run.length() > longest.length()) {
      longest = run.toString();
    }
    run.setLength(0);
  }

  private static boolean isPunctuation(char c) {
    // Not ` ' < >, which are anchors in GNU expressions.
    return ".[]{}()*+?^$|\\/-@,:;!\"#%&=_~".indexOf(c) >= 0;
  }

  /** Lower case of ASCII letters only: a char is a byte. */
  private static String lowerCase(String text) {
    StringBuilder lower = new StringBuilder(text);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      if (c < 0x80) {
        lower.setCharAt(i, Character.toLowerCase(c));
      }
    }
    return lower.toString();
  }
}
