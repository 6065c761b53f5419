package org.postern.driver.pattern;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.driver.pattern.libc.Subject;
import org.postern.platform.text.ByteText;

/**
 * A rule's right-hand side: text with {@code $1}, <code>${1}</code> or {@code $(1)} for what a
 * group matched, and {@code $$} for a dollar sign.
 */
final class Replacement {
  private final List<Part> parts;
  private final int groups;
  private final byte @Nullable [] constant;

  private sealed interface Part {
    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    record Literal(byte[] text) implements Part {}

    record Group(int number) implements Part {}
  }

  private Replacement(List<Part> parts, int groups) {
    this.parts = List.copyOf(parts);
    this.groups = groups;
    this.constant = groups == 0 ? expandWithoutGroups() : null;
  }

  /** The group with the largest number that the text names; 0 for none. */
  int groups() {
    return groups;
  }

  /**
   * The value of a key that has just matched.
   *
   * @param subject with {@link #groups()} groups told
   */
  byte[] expand(Subject subject) {
    if (constant != null) {
      return constant;
    }
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    for (Part part : parts) {
      if (part instanceof Part.Group(int number)) {
        int begin = subject.begin(number);
        value.write(subject.bytes(), begin, subject.end(number) - begin);
      } else {
        value.writeBytes(((Part.Literal) part).text());
      }
    }
    return value.toByteArray();
  }

  private byte[] expandWithoutGroups() {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    for (Part part : parts) {
      if (part instanceof Part.Literal(byte[] text)) {
        value.writeBytes(text);
      }
    }
    return value.toByteArray();
  }

  /**
   * Reads a right-hand side.
   *
   * @param text a byte string
   * @param outOfRange what the type's warning calls a group number that cannot be: the one
   *     difference between regexp and pcre
   * @param ruleWarnings takes warnings about the rule
   * @param plainWarnings takes warnings that name no file
   * @return null when it is wrong, and a warning has been given
   */
  static @Nullable Replacement parse(
      String text,
      String outOfRange,
      Consumer<String> ruleWarnings,
      Consumer<String> plainWarnings) {
    return new Parser(text, outOfRange, ruleWarnings, plainWarnings).parse();
  }

  private static final class Parser {
    private final String text;
    private final String outOfRange;
    private final Consumer<String> ruleWarnings;
    private final Consumer<String> plainWarnings;
    private final List<Part> parts = new ArrayList<>();
    private int position;
    private int largest;
    private boolean wrong;

    Parser(
        String text,
        String outOfRange,
        Consumer<String> ruleWarnings,
        Consumer<String> plainWarnings) {
      this.text = text;
      this.outOfRange = outOfRange;
      this.ruleWarnings = ruleWarnings;
      this.plainWarnings = plainWarnings;
    }

    @Nullable Replacement parse() {
      StringBuilder literal = new StringBuilder();
      while (position < text.length()) {
        char c = text.charAt(position);
        if (c != '$') {
          literal.append(c);
          position++;
        } else if (text.startsWith("$$", position)) {
          literal.append(c);
          position += 2;
        } else {
          addLiteral(literal);
          position++;
          String name = name();
          if (name == null) {
            return null;
          }
          addGroup(name);
        }
      }
      addLiteral(literal);
      return wrong ? null : new Replacement(parts, largest);
    }

    private void addLiteral(StringBuilder literal) {
      if (!literal.isEmpty()) {
        parts.add(new Part.Literal(ByteText.bytes(literal.toString())));
        literal.setLength(0);
      }
    }

    /** What comes after a dollar sign, or null when nothing that follows can be read. */
    private @Nullable String name() {
      int start = position;
      String name;
      if (text.startsWith("(", position) || text.startsWith("{", position)) {
        int end = closing();
        if (end < 0) {
          plainWarnings.accept(
              "truncated macro reference: \"%s\"".formatted(ByteText.printable(text)));
          return null;
        }
        if (wrong) {
          return null; // there has been a warning; Postfix looks no further here
        }
        name = text.substring(start + 1, end);
        position = end + 1;
      } else {
        while (position < text.length() && isWord(text.charAt(position))) {
          position++;
        }
        name = text.substring(start, position);
      }
      if (name.isEmpty()) {
        plainWarnings.accept("empty macro name: \"%s\"".formatted(ByteText.printable(text)));
        return null;
      }
      return name;
    }

    /** Where the parenthesis at the position is closed, or -1. */
    private int closing() {
      char open = text.charAt(position);
      char close = open == '(' ? ')' : '}';
      int level = 0;
      for (int i = position; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == open) {
          level++;
        } else if (c == close && --level == 0) {
          return i;
        }
      }
      return -1;
    }

    private void addGroup(String name) {
      if (!name.chars().allMatch(c -> c >= '0' && c <= '9')) {
        warn("non-numeric", name);
        return;
      }
      int number = number(name);
      if (number < 1) {
        warn(outOfRange, name);
        return;
      }
      largest = Math.max(largest, number);
      parts.add(new Part.Group(number));
    }

    private void warn(String what, String name) {
      wrong = true;
      ruleWarnings.accept("%s replacement index \"%s\"".formatted(what, ByteText.printable(name)));
    }

    private static int number(String digits) {
      try {
        return Integer.parseInt(digits);
      } catch (NumberFormatException e) {
        return Integer.MAX_VALUE;
      }
    }

    private static boolean isWord(char c) {
      return RuleText.isAlphanumeric(c) || c == '_';
    }
  }
}
