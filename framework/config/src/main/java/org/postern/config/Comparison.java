package org.postern.config;

import java.math.BigInteger;
import org.postern.platform.text.ByteStrings;

/** The operators of {@code ${{left} op {right} ? …}}. */
final class Comparison {
  private static final String OPERATOR_CHARACTERS = "<>!=?+-*/~&|%";
  private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

  enum Operator {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER_OR_EQUAL(">="),
    GREATER(">");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER_OR_EQUAL -> order >= 0;
        case GREATER -> order > 0;
      };
    }
  }

  private final Operator operator;
  private final boolean byLevel;

  private Comparison(Operator operator, boolean byLevel) {
    this.operator = operator;
    this.byLevel = byLevel;
  }

  /** Takes an operator and its suffix off the text. */
  static Comparison parse(TextCursor cursor) throws SyntaxException {
    String before = cursor.rest();
    String symbol = cursor.takeWhile(c -> OPERATOR_CHARACTERS.indexOf(c) >= 0);
    String suffix = cursor.takeWhile(ByteStrings::isAlphanumeric);
    for (Operator operator : Operator.values()) {
      if (operator.symbol.equals(symbol)) {
        if (!suffix.isEmpty() && !suffix.equals("level")) {
          throw new SyntaxException(
              "bad operator suffix at: \"..." + symbol + ">>>" + suffix + "\"");
        }
        return new Comparison(operator, !suffix.isEmpty());
      }
    }
    throw new SyntaxException(
        "\"==\" or \"!=\" or \"<\" or \"<=\" or \">=\" or \">\" expected at: \"...}>>>"
            + SyntaxException.shorten(before)
            + "\"");
  }

  /** Compares as numbers when both sides are all digits, else byte by byte. */
  boolean evaluate(String left, String right) throws SyntaxException {
    if (byLevel) {
      return operator.holds(
          Long.compare(CompatibilityLevel.parse(left), CompatibilityLevel.parse(right)));
    }
    if (isNumber(left) && isNumber(right)) {
      return operator.holds(number(left).compareTo(number(right)));
    }
    return operator.holds(left.compareTo(right));
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> ByteStrings.isDigit((char) c));
  }

  private static BigInteger number(String digits) throws SyntaxException {
    // The length first: a number of a million digits takes BigInteger minutes.
    if (digits.length() < 1000) {
      BigInteger number = new BigInteger(digits);
      if (number.compareTo(LARGEST) <= 0) {
        return number;
      }
    }
    throw new SyntaxException("bad conversion: " + SyntaxException.shorten(digits));
  }
}
