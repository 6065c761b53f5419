package org.postern.host.server;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which of an event loop's two threads leads it. The other one waits to; or it does what it took
 * upon itself while it led, which may take long, and then waits again.
 */
final class Lead {
  private volatile Thread leader;
  private volatile @Nullable Thread spare;
  private volatile boolean over;

  Lead(Thread first) {
    this.leader = first;
  }

  /** Waits until the calling thread leads; false when there is nothing to lead any more. */
  boolean await() {
    Thread me = Thread.currentThread();
    if (leader != me) {
      spare = me;
    }
    while (!over && leader != me) {
      LockSupport.park(this);
      Thread.interrupted();
    }
    return !over;
  }

  boolean isMine() {
    return leader == Thread.currentThread();
  }

  /** Whether the other thread waits to lead. Called by the one that does. */
  boolean canPass() {
    return spare != null;
  }

  /** Has the other thread lead from now on. */
  void pass() {
    Thread next = spare;
    if (next != null) {
      spare = null;
      leader = next;
      LockSupport.unpark(next);
    }
  }

  /** Lets both threads end. */
  void end() {
    over = true;
    LockSupport.unpark(spare);
  }
}
