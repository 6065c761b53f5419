package org.postern.driver.pattern.libc;

/** A pattern that a library has compiled. Used by any number of threads at once. */
public interface CompiledPattern {

  /** How many groups the pattern has: what {@code $number} may name. */
  int groups();

  /** Whether the pattern matches. */
  enum Answer {
    MATCH,
    NO_MATCH,
    /** Finding out may take longer than an event loop can wait. */
    TAKES_LONGER
  }

  /**
   * Tries the pattern.
   *
   * @param wanted up to which group {@link Subject#begin} and {@link Subject#end} are to be told; 0
   *     for none
   * @param atOnce whether the caller cannot wait: then the answer may be {@link
   *     Answer#TAKES_LONGER}
   * @throws MatchFailedException when the library has given up
   * @throws MatchRefusedException when it is not asked, since it could take too much
   */
  Answer match(Subject subject, int wanted, boolean atOnce)
      throws MatchFailedException, MatchRefusedException;
}
