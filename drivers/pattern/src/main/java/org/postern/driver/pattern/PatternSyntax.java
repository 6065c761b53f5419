package org.postern.driver.pattern;

import java.lang.foreign.Arena;
import java.util.OptionalInt;
import org.postern.driver.pattern.libc.BadPatternException;
import org.postern.driver.pattern.libc.CompiledPattern;

/** What distinguishes regexp_table(5) from pcre_table(5): letters, words and the library. */
interface PatternSyntax {

  /** The library's options when a pattern has no flags. */
  int defaultOptions();

  /** The option that a flag letter turns the other way, if there is such a flag. */
  OptionalInt option(char flag);

  /** Whether a flag letter counts for nothing, and a warning says so. */
  boolean isObsolete(char flag);

  /** Whether {@code /pattern1/!/pattern2/} is a form of a rule. */
  boolean hasSecondPattern();

  /** Whether a backslash at the end of the line closes the pattern, as a delimiter does. */
  boolean lastBackslashCloses();

  /** What becomes of a rule whose pattern is not closed, as the warning says it. */
  String fateOfUnclosed();

  /** How a warning says that a group number cannot be. */
  String outOfRange();

  /**
   * Text that every match of a pattern holds, in lower case, or the empty string when none is
   * known.
   */
  String requiredLiteral(String pattern, int options);

  /**
   * About how many bytes the library takes for a pattern, so far as it has no limit of its own;
   * {@link Long#MAX_VALUE} when it must not be asked.
   */
  default long memory(String pattern, int options) {
    return 0;
  }

  /**
   * Compiles a pattern.
   *
   * @param arena until when it is needed
   * @param wanted up to which group a match will be asked for
   */
  CompiledPattern compile(Arena arena, String pattern, int options, int wanted)
      throws BadPatternException;
}
