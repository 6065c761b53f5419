package org.postern.driver.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.driver.pattern.libc.InternetAddress;

/**
 * The rules of a cidr table: the first whose network holds an address. A radix tree for each family
 * of addresses leads to the networks that hold an address, from the widest to the narrowest; of
 * their rules, the one that stands first in the file counts.
 */
final class CidrRules {
  private final List<CidrRule> rules;
  private final Node ipv4 = new Node(0, 0, 0);
  private final Node ipv6 = new Node(0, 0, 0);

  /** Rules for what is outside a network, in the file's order: no tree leads to them. */
  private final List<Integer> negated = new ArrayList<>();

  /**
   * A network that has rules, or at which two networks part. Its children's networks are in it: one
   * goes on with a zero bit, the other with a one.
   */
  private static final class Node {
    private final long high;
    private final long low;
    private final int length;
    private @Nullable Node zero;
    private @Nullable Node one;

    /** Indexes of rules, ascending. */
    private int[] rules = {};

    Node(long high, long low, int length) {
      this.high = high;
      this.low = low;
      this.length = length;
    }

    boolean contains(long addressHigh, long addressLow) {
      return ((addressHigh ^ high) & Network.highMask(length)) == 0
          && ((addressLow ^ low) & Network.lowMask(length)) == 0;
    }

    @Nullable Node child(long addressHigh, long addressLow) {
      return bit(addressHigh, addressLow, length) ? one : zero;
    }

    void setChild(Node child) {
      if (bit(child.high, child.low, length)) {
        one = child;
      } else {
        zero = child;
      }
    }

    void addRule(int index) {
      rules = Arrays.copyOf(rules, rules.length + 1);
      rules[rules.length - 1] = index;
    }
  }

  CidrRules(List<CidrRule> rules) {
    this.rules = List.copyOf(rules);
    for (int i = 0; i < rules.size(); i++) {
      CidrRule.Test test = rules.get(i).test();
      if (test.positive()) {
        Network network = test.network();
        node(network.ipv6() ? ipv6 : ipv4, network).addRule(i);
      } else {
        negated.add(i);
      }
    }
  }

  /** The node of a network, made if there is none. */
  private static Node node(Node root, Network network) {
    Node at = root;
    while (at.length < network.length()) {
      Node child = at.child(network.high(), network.low());
      if (child == null) {
        child = new Node(network.high(), network.low(), network.length());
        at.setChild(child);
      } else {
        int common =
            Math.min(
                Math.min(child.length, network.length()),
                commonBits(child.high ^ network.high(), child.low ^ network.low()));
        if (common < child.length) {
          Node fork =
              new Node(
                  network.high() & Network.highMask(common),
                  network.low() & Network.lowMask(common),
                  common);
          fork.setChild(child);
          at.setChild(fork);
          child = fork;
        }
      }
      at = child;
    }
    return at;
  }

  private static int commonBits(long highDifference, long lowDifference) {
    return highDifference != 0
        ? Long.numberOfLeadingZeros(highDifference)
        : Long.SIZE + Long.numberOfLeadingZeros(lowDifference);
  }

  private static boolean bit(long high, long low, int number) {
    return number < Long.SIZE
        ? (high << number) < 0
        : number < 2 * Long.SIZE && (low << (number - Long.SIZE)) < 0;
  }

  /**
   * Finds the rule of an address.
   *
   * @param address as text; what is none is in no network
   */
  @Nullable CidrRule find(byte[] address) {
    InternetAddress parsed = InternetAddress.ofThisThread();
    if (!parsed.parse(address)) {
      return null;
    }
    boolean isIpv6 = parsed.isIpv6();
    long high = parsed.high();
    long low = parsed.low();
    int first = rules.size();
    for (Node at = isIpv6 ? ipv6 : ipv4;
        at != null && at.contains(high, low);
        at = at.child(high, low)) {
      for (int rule : at.rules) {
        if (rule >= first) {
          break;
        }
        if (rules.get(rule).blocksAreMet(isIpv6, high, low)) {
          first = rule;
        }
      }
    }
    for (int rule : negated) {
      if (rule >= first) {
        break;
      }
      CidrRule one = rules.get(rule);
      if (one.test().isMet(isIpv6, high, low) && one.blocksAreMet(isIpv6, high, low)) {
        first = rule;
      }
    }
    return first < rules.size() ? rules.get(first) : null;
  }
}
