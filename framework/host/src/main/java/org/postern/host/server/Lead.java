package org.postern.host.server;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which of an event loop's two threads leads it. The other one waits to; or it does what it took
 * upon itself while it led, which may take long, and then waits again.
 *
 * <p>A leader that has such work passes the lead at once. Or it leaves the lead where it is, when
 * it expects to be back before anybody misses it: to wake the other thread can take longer than the
 * work. Then the other one looks every millisecond whether the leader is back, and takes the lead
 * when it stays away. It looks as long as leaders go away, and sleeps otherwise.
 */
final class Lead {
  private static final Duration LOOK = Duration.ofMillis(1);

  /** After so many looks without a leader that was away, the other thread sleeps. */
  private static final int LOOKS = 1000;

  private volatile Thread leader;
  private volatile @Nullable Thread spare;
  private volatile boolean over;
  private volatile boolean looking;

  // What follows is guarded by this.
  private boolean away;

  /** How often a leader went away, and how often it had when the other thread last looked. */
  private long absences;

  private long seen;

  private int vainLooks;

  Lead(Thread first) {
    this.leader = first;
  }

  /** Waits until the calling thread leads; false when there is nothing to lead any more. */
  boolean await() {
    Thread me = Thread.currentThread();
    if (!isBack()) {
      spare = me;
    }
    while (!over && leader != me) {
      if (looking) {
        LockSupport.parkNanos(this, LOOK.toNanos());
        look();
      } else {
        LockSupport.park(this);
      }
      Thread.interrupted();
    }
    return !over;
  }

  /** The thread that leads. Any thread may ask. */
  Thread leader() {
    return leader;
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

  /** Goes away until {@link #await}; keeps the lead if that is soon. */
  synchronized void leave() {
    away = true;
    absences++;
    vainLooks = 0;
    if (!looking) {
      looking = true;
      LockSupport.unpark(spare);
    }
  }

  /** Whether the calling thread still leads. */
  private synchronized boolean isBack() {
    if (!isMine()) {
      return false;
    }
    away = false;
    return true;
  }

  /** Takes the lead if its leader is as far away as it was a look ago. */
  private synchronized void look() {
    if (isMine()) {
      return;
    }
    if (seen != absences) {
      seen = absences;
    } else if (away) {
      away = false;
      spare = null;
      leader = Thread.currentThread();
    } else if (++vainLooks == LOOKS) {
      looking = false;
    }
  }

  /** Lets both threads end. */
  void end() {
    over = true;
    LockSupport.unpark(spare);
  }
}
