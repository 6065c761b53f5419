package org.postern.driver.pattern;

import org.jspecify.annotations.Nullable;

/**
 * A rule that gives a value.
 *
 * @param line of the file
 * @param test what the address itself has to meet
 * @param block the block that the rule is in, or null
 * @param value not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record CidrRule(int line, Test test, @Nullable Block block, byte[] value) {

  /** Whether an address has to be in a network or, of the same family, outside of it. */
  record Test(Network network, boolean positive) {
    boolean isMet(boolean ipv6, long high, long low) {
      return network.ipv6() == ipv6 && network.contains(ipv6, high, low) == positive;
    }
  }

  /** What stands between an IF and its ENDIF, or the end of the file. */
  record Block(Test test, @Nullable Block outer) {}

  /** Whether the address meets the conditions of all blocks around the rule. */
  boolean blocksAreMet(boolean ipv6, long high, long low) {
    for (Block around = block; around != null; around = around.outer()) {
      if (!around.test().isMet(ipv6, high, low)) {
        return false;
      }
    }
    return true;
  }
}
