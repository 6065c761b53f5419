package org.postern.config;

import java.util.List;
import java.util.Random;

/** Makes values with expressions of every form that postconf(5) knows. */
final class RandomValues {
  private static final String LITERALS = "ab01.:,?/=<>!-+#@\" \t\u00e4\u00ff";
  private static final List<String> OPERATORS = List.of("==", "!=", "<", "<=", ">=", ">");
  private static final List<String> NUMBERS =
      List.of("0", "1", "2", "9", "10", "010", "3.6", "9223372036854775807", "a", "", "B");
  private static final List<String> LEVELS =
      List.of("0", "1", "2", "3.6", "3.6.1", "3.10", " 4", "+2", "$compatibility_level");
  private static final List<String> WELL_KNOWN =
      List.of(
          "nosuch",
          "compatibility_level",
          "mydestination",
          "relay_domains",
          "alias_database",
          "queue_directory",
          "myorigin",
          "virtual_alias_domains");

  private final Random random;

  RandomValues(long seed) {
    random = new Random(seed);
  }

  int number(int bound) {
    return random.nextInt(bound);
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Text without references. */
  String literal() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(LITERALS.charAt(random.nextInt(LITERALS.length())));
    }
    return random.nextInt(10) == 0 ? text + "$$" : text.toString();
  }

  /** Text with references to the names, and within them to the names, to a depth. */
  String text(List<String> names, int depth) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      text.append(depth > 0 && random.nextBoolean() ? reference(names, depth) : literal());
    }
    return text.toString();
  }

  private String reference(List<String> names, int depth) {
    String name = random.nextInt(5) == 0 ? oneOf(WELL_KNOWN) : oneOf(names);
    String padded = space() + name + space();
    return switch (random.nextInt(10)) {
      case 0 -> "$" + name;
      case 1 -> "$(" + padded + ")";
      case 2 -> "${" + padded + "}";
      case 3 -> "${" + padded + "?" + text(names, depth - 1) + "}";
      case 4 -> "${" + padded + ":" + text(names, depth - 1) + "}";
      case 5 -> "${" + padded + "?" + braces(names, depth) + "}";
      case 6 -> "${" + padded + ":" + braces(names, depth) + "}";
      case 7 -> "${" + padded + "?" + braces(names, depth) + ":" + otherwise(names, depth) + "}";
      default -> "${" + space() + comparison(names, depth) + "}";
    };
  }

  private String comparison(List<String> names, int depth) {
    boolean byLevel = random.nextInt(3) == 0;
    String left = operand(byLevel, names);
    String right = operand(byLevel, names);
    String comparison = "{" + left + "}" + space() + oneOf(OPERATORS) + (byLevel ? "level" : "");
    comparison += space() + "{" + right + "}" + space();
    return switch (random.nextInt(4)) {
      case 0 -> comparison;
      case 1 -> comparison + "?" + braces(names, depth);
      case 2 -> comparison + ":" + otherwise(names, depth);
      default -> comparison + "?" + braces(names, depth) + ":" + otherwise(names, depth);
    };
  }

  private String operand(boolean byLevel, List<String> names) {
    if (byLevel) {
      return oneOf(LEVELS);
    }
    return random.nextBoolean() ? oneOf(NUMBERS) : "$" + oneOf(names);
  }

  private String otherwise(List<String> names, int depth) {
    return random.nextBoolean() ? braces(names, depth) : text(names, depth - 1);
  }

  private String braces(List<String> names, int depth) {
    return space() + "{" + text(names, depth - 1) + "}" + space();
  }

  private String space() {
    return random.nextInt(4) == 0 ? " " : "";
  }

  /** The text with some characters taken away, doubled or put in. */
  String damaged(String text) {
    StringBuilder damaged = new StringBuilder(text);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(damaged.length() + 1);
      if (random.nextBoolean() && at < damaged.length()) {
        damaged.deleteCharAt(at);
      } else {
        String characters = "${}()?:=<>! a1_~";
        damaged.insert(at, characters.charAt(random.nextInt(characters.length())));
      }
    }
    return damaged.toString();
  }
}
