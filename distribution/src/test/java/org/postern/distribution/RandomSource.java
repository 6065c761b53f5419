package org.postern.distribution;

import java.util.List;
import java.util.Random;

/**
 * Sources of tables at random, one character for each byte: with all that postmap(1) describes, and
 * much that it doesn't.
 */
final class RandomSource {
  private static final int MOST_LINES = 14;

  private static final List<String> SPACES =
      List.of(" ", " ", "\t", "  ", " \t ", "\u000b", "\f", "\r");

  /** What a key or a value is made of; some of it is UTF-8, some is not. */
  private static final List<String> TEXTS =
      List.of(
          "a",
          "b",
          "Key",
          "KEY",
          "user@example.com",
          "@Example.COM",
          "#",
          ":",
          "=",
          ",",
          "'",
          "\"",
          "\"\"",
          "\\",
          "\\\"",
          "\"a b\"",
          "\"john doe\"@example.com",
          "$1",
          "%",
          "{",
          "\u00c3\u00a9",
          "\u00c3\u0089",
          "\u00c3\u009f",
          "\u00e9",
          "\u00f0\u009f\u0098\u0080",
          "\u0001",
          "\u007f",
          "\u0080");

  private final Random random;
  private final int longestKey;

  /**
   * @param longestKey bytes; some keys are as long
   */
  RandomSource(long seed, int longestKey) {
    this.random = new Random(seed);
    this.longestKey = longestKey;
  }

  /** The next source. */
  String next() {
    StringBuilder source = new StringBuilder();
    for (int lines = random.nextInt(MOST_LINES); lines > 0; lines--) {
      source.append(line());
      if (lines > 1 || random.nextInt(4) > 0) {
        source.append(random.nextInt(12) == 0 ? "\r\n" : "\n");
      }
    }
    return source.toString();
  }

  private String line() {
    return switch (random.nextInt(18)) {
      case 0 -> "";
      case 1 -> spaces();
      case 2 -> "# " + text(4);
      case 3 -> spaces() + "#" + text(3);
      case 4, 5 -> spaces() + text(3);
      case 6 -> text(1);
      case 7 -> key() + ": " + text(2);
      case 8 -> "\"" + text(2) + spaces() + text(2) + "\" " + text(1);
      case 9 ->
          key() + spaces() + "v".repeat(random.nextInt(random.nextInt(3) == 0 ? 100_000 : 900));
      case 10 -> "k".repeat(longestKey) + random.nextInt(3) + spaces() + text(1);
      case 11 -> key() + spaces() + text(1) + "\u0001" + text(1);
      case 12 -> text(3);
      default -> key() + spaces() + text(2) + (random.nextInt(3) == 0 ? spaces() : "");
    };
  }

  /** One of few, so that some come twice. */
  private String key() {
    return random.nextInt(3) == 0 ? text(1) : "key" + random.nextInt(5);
  }

  private String spaces() {
    return some(SPACES) + (random.nextInt(3) == 0 ? some(SPACES) : "");
  }

  private String text(int words) {
    StringBuilder text = new StringBuilder(some(TEXTS));
    for (int word = random.nextInt(words + 1); word > 0; word--) {
      text.append(random.nextBoolean() ? "" : spaces()).append(some(TEXTS));
    }
    return text.toString();
  }

  private String some(List<String> choice) {
    return choice.get(random.nextInt(choice.size()));
  }
}
