package org.postern.testkit;

import java.util.Random;

/** Damages text, such as the source of a table, at random: a little, and sometimes a lot. */
public final class DamagedText {
  private static final int MOST_DAMAGES = 8;
  private static final int MOST_COPIES = 400;
  private static final int LONGEST_COPY = 50;

  private final Random random;
  private final String telling;

  /**
   * @param telling characters that mean something in that language
   */
  public DamagedText(Random random, String telling) {
    this.random = random;
    this.telling = telling;
  }

  /**
   * A damaged text.
   *
   * @param sound one character for each byte, not changed
   */
  public String damage(String sound) {
    StringBuilder text = new StringBuilder(sound);
    for (int i = random.nextInt(MOST_DAMAGES); i >= 0 && text.length() > 1; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(9)) {
        case 0 -> text.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(8)));
        case 1 -> text.setCharAt(at, (char) random.nextInt(256));
        case 2 -> text.setCharAt(at, tellingOne());
        case 3 -> text.insert(at, tellingOne());
        case 4 -> text.delete(at, end(text, at));
        case 5 -> text.insert(random.nextInt(text.length()), text.substring(at, end(text, at)));
        case 6 -> text.insert(at, copies(text.substring(at, end(text, at))));
        case 7 -> text.deleteCharAt(at);
        default -> swap(text, at, random.nextInt(text.length()));
      }
    }
    if (random.nextInt(10) == 0) {
      text.setLength(random.nextInt(text.length() + 1));
    }
    return text.toString();
  }

  private char tellingOne() {
    return telling.charAt(random.nextInt(telling.length()));
  }

  private int end(StringBuilder text, int start) {
    return Math.min(text.length(), start + 1 + random.nextInt(LONGEST_COPY));
  }

  private String copies(String part) {
    return part.repeat(random.nextInt(random.nextInt(4) == 0 ? MOST_COPIES : 4));
  }

  private static void swap(StringBuilder text, int one, int other) {
    char kept = text.charAt(one);
    text.setCharAt(one, text.charAt(other));
    text.setCharAt(other, kept);
  }
}
