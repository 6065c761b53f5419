package org.postern.driver.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds which of many literals are in a text, in one pass over it. Each literal is filed under
 * three bytes of it, those that the fewest others share, in a hash table with open addressing.
 */
final class LiteralIndex {
  /** The shortest literal that can be filed, in bytes. */
  static final int SHORTEST = 3;

  private static final int EMPTY = -1;

  /** Three bytes of a literal, or {@link #EMPTY}; a power of two. */
  private final int[] grams;

  /** The first literal filed under the gram of the same slot. */
  private final int[] firsts;

  /** The next literal under the same gram, or {@link #EMPTY}. */
  private final int[] nexts;

  private final Literal[] literals;

  /**
   * A literal.
   *
   * @param text in lower case
   * @param offset where in it the gram is that it is filed under
   * @param rule whose it is
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Literal(byte[] text, int offset, int rule) {}

  private LiteralIndex(List<Literal> filed) {
    literals = filed.toArray(Literal[]::new);
    nexts = new int[literals.length];
    int slots = Integer.highestOneBit(Math.max(8, 4 * literals.length));
    grams = new int[slots];
    firsts = new int[slots];
    Arrays.fill(grams, EMPTY);
    for (int i = 0; i < literals.length; i++) {
      int gram = gram(literals[i].text(), literals[i].offset());
      int slot = slot(gram);
      nexts[i] = grams[slot] == EMPTY ? EMPTY : firsts[slot];
      grams[slot] = gram;
      firsts[slot] = i;
    }
  }

  /** Gathers literals. */
  static final class Builder {
    private final List<byte[]> texts = new ArrayList<>();
    private final List<Integer> rules = new ArrayList<>();
    private final Map<Integer, Integer> sharers = new HashMap<>();

    /**
     * Adds a literal.
     *
     * @param text in lower case, of {@link #SHORTEST} bytes or more
     */
    void add(byte[] text, int rule) {
      texts.add(text);
      rules.add(rule);
      for (int i = 0; i + SHORTEST <= text.length; i++) {
        sharers.merge(gram(text, i), 1, Integer::sum);
      }
    }

    LiteralIndex build() {
      List<Literal> filed = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        filed.add(new Literal(texts.get(i), rarest(texts.get(i)), rules.get(i)));
      }
      return new LiteralIndex(filed);
    }

    private int rarest(byte[] text) {
      int best = 0;
      int fewest = Integer.MAX_VALUE;
      for (int i = 0; i + SHORTEST <= text.length; i++) {
        int shared = sharers.getOrDefault(gram(text, i), 0);
        if (shared < fewest) {
          fewest = shared;
          best = i;
        }
      }
      return best;
    }
  }

  /**
   * Sets the bits of the rules whose literals are in a text, in whatever case of ASCII letters.
   *
   * @param bits one bit for each rule; others stay as they are
   */
  void find(byte[] text, long[] bits) {
    if (literals.length == 0 || text.length < SHORTEST) {
      return;
    }
    int gram = (lower(text[0]) << 8) | lower(text[1]);
    for (int i = 0; i + SHORTEST <= text.length; i++) {
      gram = ((gram << 8) | lower(text[i + 2])) & 0xffffff;
      int slot = slot(gram);
      if (grams[slot] == gram) {
        for (int at = firsts[slot]; at != EMPTY; at = nexts[at]) {
          Literal literal = literals[at];
          if (isAt(literal.text(), text, i - literal.offset())) {
            RuleSet.set(bits, literal.rule());
          }
        }
      }
    }
  }

  private static boolean isAt(byte[] literal, byte[] text, int offset) {
    if (offset < 0 || offset + literal.length > text.length) {
      return false;
    }
    for (int i = 0; i < literal.length; i++) {
      if ((literal[i] & 0xff) != lower(text[offset + i])) {
        return false;
      }
    }
    return true;
  }

  /** The slot that holds the gram, or the empty one where it would be. */
  private int slot(int gram) {
    int mask = grams.length - 1;
    int slot = ((gram * 0x9e3779b1) >>> 8) & mask;
    while (grams[slot] != gram && grams[slot] != EMPTY) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static int gram(byte[] text, int offset) {
    return ((text[offset] & 0xff) << 16)
        | ((text[offset + 1] & 0xff) << 8)
        | (text[offset + 2] & 0xff);
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b & 0xff;
  }
}
