package org.postern.host.server;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which of an event loop's two threads leads it: it owns the connections for the length of a turn.
 * Both wait for clients, and the one that learns of something takes the lead. So who goes away to
 * do work that waits need not wake the other one.
 *
 * <p>A thread that learns of something while the other one leads was woken for nothing: it leaves
 * what it has learned, and rests until the leader goes away. While there is more to do than to wait
 * for, one thread does it all.
 */
final class Lead {
  private final AtomicReference<@Nullable Thread> leader = new AtomicReference<>();
  private volatile Thread last;
  private volatile @Nullable Thread resting;

  /** Set by the leader that goes away, and taken back when it comes back. */
  private volatile boolean away;

  private volatile boolean over;

  /**
   * Nobody leads yet.
   *
   * @param first is said to, until one does
   */
  Lead(Thread first) {
    this.last = first;
  }

  /** Takes the lead; false while the other thread has it. */
  boolean take() {
    Thread me = Thread.currentThread();
    if (!leader.compareAndSet(null, me)) {
      return false;
    }
    last = me;
    return true;
  }

  /** Gives the lead back. */
  void giveBack() {
    leader.set(null);
  }

  boolean isMine() {
    return leader.get() == Thread.currentThread();
  }

  /** The thread that leads, or has led last. Any thread may ask. */
  Thread leader() {
    return last;
  }

  /** Whether the other thread is there to lead. Called by the leader. */
  boolean canLeave() {
    return !away;
  }

  /** The leader is about to go away, after it has given the lead back. */
  void leave() {
    away = true;
  }

  /** Wakes the other thread if it rests: it waits for clients from now on. */
  void relieve() {
    Thread other = resting;
    if (other != null) {
      LockSupport.unpark(other);
    }
  }

  /** The thread that went away is back. */
  void comeBack() {
    away = false;
  }

  /** Waits until the leader goes away, or it is all over. */
  void rest() {
    Thread me = Thread.currentThread();
    resting = me;
    while (!away && !over) {
      LockSupport.park(this);
      Thread.interrupted();
    }
    resting = null;
  }

  /** Lets both threads end. */
  void end() {
    over = true;
    relieve();
  }

  boolean isOver() {
    return over;
  }
}
