package org.postern.host.service;

/** What a worker does for one request. Both are called once, on one thread, the one first. */
interface Work {

  /** Asks the table, which may take for ever; then the thread is interrupted. */
  void call();

  /** Gives the answer, and gives back what was taken. Called whatever has become of the call. */
  void end();

  /**
   * Tells those who wait that the call is not waited for any more, because it does not come back.
   * Any thread calls, at most once, and never after {@link #end}.
   */
  void givenUp();

  /** What is called, for the log: {@code lookup in greeting:hello of plugin greeting}. */
  String name();

  /**
   * Whether the thread may be interrupted. A change may not: nobody could say whether it is made.
   */
  boolean interruptible();

  /**
   * Whether another thread may go on in its place. Not after a change in a table that is changed by
   * one at a time.
   */
  boolean replaceable();
}
