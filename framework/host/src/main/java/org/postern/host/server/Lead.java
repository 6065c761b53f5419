package org.postern.host.server;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which of an event loop's threads leads it: it owns the connections for the length of a turn. All
 * wait for clients, and the one that learns of something takes the lead. So who goes away to do
 * work that waits need not wake another one.
 *
 * <p>A thread that learns of something while another one leads was woken for nothing: it leaves
 * what it has learned, and rests until a leader goes away and nobody else waits for clients. While
 * there is more to do than to wait for, one thread does it all.
 */
final class Lead {
  private final int threads;
  private final AtomicReference<@Nullable Thread> leader = new AtomicReference<>();
  private volatile Thread last;

  /** How many wait for clients. */
  private final AtomicInteger waiting = new AtomicInteger();

  /** How many have gone away to work. Only a leader adds to it. */
  private final AtomicInteger away = new AtomicInteger();

  /** The one that rests for the shortest time comes first. */
  private final Deque<Rest> resting = new ConcurrentLinkedDeque<>();

  private volatile boolean over;

  /** One thread's rest. */
  private static final class Rest {
    private final Thread thread = Thread.currentThread();
    private volatile boolean ended;

    void end() {
      ended = true;
      LockSupport.unpark(thread);
    }
  }

  /**
   * Nobody leads yet.
   *
   * @param first is said to, until one does
   * @param threads how many there are
   */
  Lead(Thread first, int threads) {
    this.last = first;
    this.threads = threads;
  }

  /** Takes the lead; false while another thread has it. */
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

  /** The calling thread is about to wait for clients. */
  void beginWaiting() {
    waiting.incrementAndGet();
  }

  /** It waits no longer. */
  void endWaiting() {
    waiting.decrementAndGet();
  }

  /** Whether another thread is there to lead. Called by the leader. */
  boolean canLeave() {
    return away.get() < threads - 1;
  }

  /** Gives the lead back and goes away: if nobody waits for clients, one that rests does now. */
  void leave() {
    away.incrementAndGet();
    giveBack();
    if (waiting.get() == 0) {
      Rest one = resting.poll();
      if (one != null) {
        one.end();
      }
    }
  }

  /** The thread that went away is back. */
  void comeBack() {
    away.decrementAndGet();
  }

  /**
   * Rests until a leader goes away that has nobody to wait in its place, or it is all over; not at
   * all while nobody leads, since who led may have gone before it could see that this one rests.
   */
  void rest() {
    Rest rest = new Rest();
    resting.push(rest);
    if ((leader.get() == null || over) && resting.remove(rest)) {
      return;
    }
    while (!rest.ended) {
      LockSupport.park(this);
      Thread.interrupted();
    }
  }

  /** Lets all threads end. */
  void end() {
    over = true;
    for (Rest rest = resting.poll(); rest != null; rest = resting.poll()) {
      rest.end();
    }
  }

  boolean isOver() {
    return over;
  }
}
