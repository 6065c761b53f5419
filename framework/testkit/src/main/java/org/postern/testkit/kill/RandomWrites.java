package org.postern.testkit.kill;

import java.util.Random;

/**
 * The changes that one thread makes: the same ones for the same seed, so that who counts the
 * acknowledged ones knows them all. Each writer has keys of its own.
 */
final class RandomWrites {
  private static final int KEYS = 30;

  private final Random random;
  private final long seed;
  private final String prefix;
  private final int longestKey;
  private final int storesOfTen;
  private int count;

  /**
   * @param longestKey bytes; some keys are as long
   */
  RandomWrites(long seed, int writer, int longestKey) {
    this.random = new Random(seed * 31 + writer);
    this.seed = seed;
    this.prefix = "writer" + writer + "-";
    this.longestKey = longestKey;
    this.storesOfTen = 3 + (int) Math.floorMod(seed, 6L); // tables that grow, and some that shrink
  }

  RandomWrite next() {
    count++;
    String key = key(random.nextInt(KEYS));
    return new RandomWrite(key, random.nextInt(10) < storesOfTen ? value() : null);
  }

  private String key(int number) {
    String key = prefix + number;
    return number % 10 == 9 ? key + "-".repeat(longestKey - key.length()) : key;
  }

  /** No two are equal, and no two in turn are alike. */
  private String value() {
    char filling = (char) ('a' + count % 26);
    return seed + "/" + count + " " + ("" + filling).repeat(random.nextInt(longest()));
  }

  private int longest() {
    return switch (random.nextInt(20)) {
      case 0 -> 30_000;
      case 1, 2, 3 -> 4_000;
      default -> 200;
    };
  }
}
