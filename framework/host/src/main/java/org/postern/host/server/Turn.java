package org.postern.host.server;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whose turn it is to send a reply that was waited for: the event loop's, which owns the
 * connection, or, while nothing stands before the reply, that of any thread that has it.
 */
final class Turn {
  private static final int LOOPS = 0;
  private static final int ANYBODYS = 1;
  private static final int TAKEN = 2;
  private static final int AWAITED = 3;
  private static final int SENT = 4;

  private final AtomicInteger state = new AtomicInteger(LOOPS);

  /** The event loop lets any thread send. */
  void offer() {
    state.compareAndSet(LOOPS, ANYBODYS);
  }

  /** A thread that has the reply begins to send it; false when that is the event loop's. */
  boolean take() {
    return state.compareAndSet(ANYBODYS, TAKEN);
  }

  /**
   * The event loop, which cannot withdraw its offer, wants to be told when the reply is sent: the
   * thread that sends it may be kept from its processor by the client that it has just woken.
   *
   * @return false when it is sent, or the event loop's to send: nobody will tell
   */
  boolean tellWhenSent() {
    return state.compareAndSet(TAKEN, AWAITED) || state.get() == AWAITED;
  }

  /**
   * That thread has sent the whole reply.
   *
   * @return whether the event loop wants to be told
   */
  boolean sent() {
    return state.getAndSet(SENT) == AWAITED;
  }

  /** That thread leaves it to the event loop. */
  void giveBack() {
    state.set(LOOPS);
  }

  /** The event loop withdraws its offer; false when the reply is being sent, or was. */
  boolean withdraw() {
    return state.compareAndSet(ANYBODYS, LOOPS) || state.get() == LOOPS;
  }

  boolean isSent() {
    return state.get() == SENT;
  }
}
