package org.postern.driver.pattern;

import java.util.Random;

/** Patterns over a small alphabet, so that they match now and then. */
final class RandomPatterns implements RandomRules {
  private static final String[] ATOMS = {
    "a",
    "b",
    "c",
    "ab",
    "abc",
    "bca",
    "cab",
    "@",
    "\\.",
    ".",
    "[ab]",
    "[^c]",
    "[[:alpha:]]",
    "(ab|c)",
    "(a)",
    "(b*c)",
    "(a|b|ab)(c|bcd)*",
    "x",
    "A",
    "\\w",
    "[]a]",
    "\\@",
    "(a(b)c)",
  };
  private static final String[] PERL_ATOMS = {
    "(?:ab)",
    "(?i)a",
    "(?=a)",
    "(?!b)",
    "\\d",
    "\\Qa.\\E",
    "\\x61",
    "(?<n>b)",
    "[\\w.]",
    "a*?",
    "b++",
    "\\K",
    "(?>a|ab)",
    "\\ba",
  };
  private static final String[] QUANTIFIERS = {"", "", "", "", "", "*", "+", "?", "{2}", "{0,1}"};
  private static final String KEY_LETTERS = "aabbccA.@x";

  private final Random random;
  private final boolean perl;
  private int open;
  private int value;

  RandomPatterns(Random random, boolean perl) {
    this.random = random;
    this.perl = perl;
  }

  @Override
  public String line() {
    String not = random.nextInt(10) == 0 ? "!" : "";
    return switch (random.nextInt(14)) {
      case 0 -> {
        open++;
        yield "if " + not + pattern() + "\n";
      }
      case 1 -> {
        if (open == 0) {
          yield "\n";
        }
        open--;
        yield "endif\n";
      }
      case 2 -> pattern() + "\n  continued" + value++ + "\n";
      case 3 -> pattern() + " $1-${2}\n";
      case 4 -> pattern() + " <$(1)$$" + value++ + "\n";
      case 5 ->
          perl ? pattern() + " x\n" : pattern() + "!" + pattern() + " second" + value++ + "\n";
      default -> not + pattern() + " value" + value++ + "\n";
    };
  }

  private String pattern() {
    StringBuilder text = new StringBuilder("/");
    if (random.nextInt(3) == 0) {
      text.append('^');
    }
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      text.append(
          perl && random.nextInt(4) == 0
              ? PERL_ATOMS[random.nextInt(PERL_ATOMS.length)]
              : ATOMS[random.nextInt(ATOMS.length)]);
      text.append(QUANTIFIERS[random.nextInt(QUANTIFIERS.length)]);
      if (random.nextInt(15) == 0) {
        text.append('|');
      }
    }
    if (random.nextInt(3) == 0) {
      text.append('$');
    }
    text.append('/');
    String flags = perl ? "imsxAEUX" : "imx";
    while (random.nextInt(8) == 0) {
      text.append(flags.charAt(random.nextInt(flags.length())));
    }
    return text.toString();
  }

  @Override
  public String key() {
    StringBuilder key = new StringBuilder();
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      key.append(KEY_LETTERS.charAt(random.nextInt(KEY_LETTERS.length())));
    }
    return key.toString();
  }
}
