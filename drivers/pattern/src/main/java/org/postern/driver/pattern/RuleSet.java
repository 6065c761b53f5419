package org.postern.driver.pattern;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.postern.driver.pattern.libc.CompiledPattern.Answer;
import org.postern.driver.pattern.libc.MatchFailedException;
import org.postern.driver.pattern.libc.MatchRefusedException;
import org.postern.driver.pattern.libc.Subject;
import org.postern.platform.text.ByteText;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;

/**
 * The rules of a table, tried in order. One pass over the key finds the rules whose required
 * literal is in it; the patterns of the others cannot match and are not tried.
 */
final class RuleSet {
  /** What an event loop may spend on one lookup: patterns tried, nanoseconds, bytes of the key. */
  private static final int MOST_TRIED_AT_ONCE = 64;

  private static final long LONGEST_TIME_AT_ONCE = 100_000;
  private static final int LONGEST_AT_ONCE = 512;

  /** The end of a block that has none: beyond all rules. */
  private static final int NO_END = Integer.MAX_VALUE;

  private final List<Rule> rules;
  private final LogFailure log;

  /** For each If, the index of its EndIf. */
  private final int[] ends;

  private final LiteralIndex literals;

  /** Rules whose pattern may match whatever the key is: no literal is known. */
  private final long[] anyKey;

  /** Rules that do something when their pattern does not match: negated ones, and each If. */
  private final long[] always;

  private final ThreadLocal<long[]> scratch;

  /** Told of a match that the library gave up. */
  interface LogFailure {
    void log(int line, String reason);
  }

  RuleSet(List<Rule> rules, LogFailure log) {
    this.rules = List.copyOf(rules);
    this.log = log;
    this.ends = ends(rules);
    int words = (rules.size() + Long.SIZE - 1) / Long.SIZE;
    this.anyKey = new long[words];
    this.always = new long[words];
    this.scratch = ThreadLocal.withInitial(() -> new long[words]);
    LiteralIndex.Builder literal = new LiteralIndex.Builder();
    for (int i = 0; i < rules.size(); i++) {
      Condition condition = rules.get(i).condition();
      if (condition == null) {
        continue;
      }
      byte[] required = ByteText.bytes(condition.requiredLiteral());
      if (required.length >= LiteralIndex.SHORTEST) {
        literal.add(required, i);
      } else {
        set(anyKey, i);
      }
      if (!condition.positive() || rules.get(i) instanceof Rule.If) {
        set(always, i);
      }
    }
    this.literals = literal.build();
  }

  private static int[] ends(List<Rule> rules) {
    int[] ends = new int[rules.size()];
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < ends.length; i++) {
      if (rules.get(i) instanceof Rule.If) {
        ends[i] = NO_END;
        open.push(i);
      } else if (rules.get(i) instanceof Rule.EndIf) {
        ends[open.pop()] = i;
      }
    }
    return ends;
  }

  LookupResult lookup(byte[] key) {
    return lookup(key, RuleSet::ignore);
  }

  /**
   * Looks a key up.
   *
   * @param matched told the line of the rule that matches, if one does
   */
  LookupResult lookup(byte[] key, IntConsumer matched) {
    LookupResult result = lookup(key, false, matched);
    if (result == null) {
      throw new IllegalStateException("nothing takes too long for a worker");
    }
    return result;
  }

  private static void ignore(int line) {}

  /** Looks a key up, or gives null when that may take more than some microseconds. */
  @Nullable LookupResult lookupAtOnce(byte[] key) {
    return key.length > LONGEST_AT_ONCE ? null : lookup(key, true, RuleSet::ignore);
  }

  private @Nullable LookupResult lookup(byte[] key, boolean atOnce, IntConsumer matched) {
    try {
      return tryRules(key, atOnce, matched);
    } catch (RefusedRuleException e) {
      return new Retry(String.valueOf(e.getMessage()));
    }
  }

  /** A rule of which it is not known whether it matches: those after it must not answer. */
  private static final class RefusedRuleException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedRuleException(int line, MatchRefusedException cause) {
      super("line " + line + ": " + cause.getMessage(), cause, false, false);
    }
  }

  private @Nullable LookupResult tryRules(byte[] key, boolean atOnce, IntConsumer matched)
      throws RefusedRuleException {
    Subject subject = Subject.of(key);
    long[] mayMatch = scratch.get();
    System.arraycopy(anyKey, 0, mayMatch, 0, mayMatch.length);
    literals.find(key, mayMatch);
    int tried = 0;
    long began = 0;
    int i = next(mayMatch, 0);
    while (i < rules.size()) {
      Rule rule = rules.get(i);
      boolean tries = isSet(mayMatch, i);
      if (tries && atOnce && ++tried > 1) {
        // One pattern has its own limit, and most lookups try no more.
        long now = System.nanoTime();
        began = tried == 2 ? now : began;
        if (tried > MOST_TRIED_AT_ONCE || now - began > LONGEST_TIME_AT_ONCE) {
          return null;
        }
      }
      int after = i + 1;
      if (rule instanceof Rule.Match match) {
        int groups = match.replacement().groups();
        Answer met = met(match.condition(), match.line(), tries, subject, groups, atOnce);
        if (met == Answer.MATCH && match.second() != null) {
          met = met(match.second(), match.line(), true, subject, 0, atOnce);
        }
        if (met == Answer.MATCH) {
          matched.accept(match.line());
          return new Found(match.replacement().expand(subject));
        }
        if (met == Answer.TAKES_LONGER) {
          return null;
        }
      } else if (rule instanceof Rule.If(int line, Condition condition)) {
        Answer met = met(condition, line, tries, subject, 0, atOnce);
        if (met == Answer.TAKES_LONGER) {
          return null;
        }
        if (met == Answer.NO_MATCH) {
          after = ends[i];
        }
      }
      i = next(mayMatch, after);
    }
    return NotFound.NOT_FOUND;
  }

  /**
   * Whether a condition is met: {@code MATCH} if so. One whose pattern fails is not met, negated or
   * not, as in Postfix.
   *
   * @param mayMatch false when the pattern is known not to match
   */
  private Answer met(
      Condition condition, int line, boolean mayMatch, Subject subject, int wanted, boolean atOnce)
      throws RefusedRuleException {
    try {
      Answer answer =
          mayMatch ? condition.pattern().match(subject, wanted, atOnce) : Answer.NO_MATCH;
      if (condition.positive()) {
        return answer;
      }
      return switch (answer) {
        case MATCH -> Answer.NO_MATCH;
        case NO_MATCH -> Answer.MATCH;
        case TAKES_LONGER -> answer;
      };
    } catch (MatchRefusedException e) {
      throw new RefusedRuleException(line, e);
    } catch (MatchFailedException e) {
      log.log(line, String.valueOf(e.getMessage()));
      return Answer.NO_MATCH;
    }
  }

  /** The first rule from an index on that is to be looked at, or one beyond all. */
  private int next(long[] mayMatch, int from) {
    if (from >= rules.size()) {
      return rules.size();
    }
    int word = from / Long.SIZE;
    long bits = (mayMatch[word] | always[word]) & (-1L << from);
    while (bits == 0) {
      if (++word == mayMatch.length) {
        return rules.size();
      }
      bits = mayMatch[word] | always[word];
    }
    return word * Long.SIZE + Long.numberOfTrailingZeros(bits);
  }

  static void set(long[] bits, int i) {
    bits[i / Long.SIZE] |= 1L << i;
  }

  private static boolean isSet(long[] bits, int i) {
    return (bits[i / Long.SIZE] & (1L << i)) != 0;
  }
}
