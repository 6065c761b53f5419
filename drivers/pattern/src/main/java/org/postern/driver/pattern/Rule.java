package org.postern.driver.pattern;

import org.jspecify.annotations.Nullable;

/** A line of a rule file. */
sealed interface Rule {

  /** The logical line's first line; the file's first is 1. */
  int line();

  /** Where it has a pattern: what a key must meet. */
  @Nullable Condition condition();

  /**
   * A value for the keys that meet the conditions.
   *
   * @param second the other condition of {@code /pattern1/!/pattern2/}
   */
  record Match(int line, Condition condition, @Nullable Condition second, Replacement replacement)
      implements Rule {}

  /** Begins a block for keys that meet the condition. */
  record If(int line, Condition condition) implements Rule {}

  /** Ends the block of the last If that has no end yet. */
  record EndIf(int line) implements Rule {
    @Override
    public @Nullable Condition condition() {
      return null;
    }
  }
}
