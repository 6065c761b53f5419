package org.postern.driver.file;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Changes of one file, made in groups: those that come while a group is made wait, and become the
 * next one. One of the threads that wait makes it, and all of them wait for the disk together.
 *
 * @param <C> a change, which holds what came of it
 */
public final class ChangeGroups<C> {
  private final Consumer<List<C>> maker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition done = lock.newCondition();
  private List<Waiting<C>> waiting = new ArrayList<>();
  private boolean busy;

  private static final class Waiting<C> {
    private final C change;
    private boolean over;

    Waiting(C change) {
      this.change = change;
    }
  }

  /**
   * Groups with nothing in them.
   *
   * @param maker makes the changes of a group, in their order; called by one thread at a time
   */
  public ChangeGroups(Consumer<List<C>> maker) {
    this.maker = maker;
  }

  /**
   * Waits until a change is made: by this thread, or by one that makes it with its own. What the
   * thread that made it wrote is seen when this returns.
   */
  public void make(C change) {
    Waiting<C> mine = new Waiting<>(change);
    lock.lock();
    try {
      waiting.add(mine);
      while (busy && !mine.over) {
        done.awaitUninterruptibly();
      }
      if (!mine.over) {
        makeWaiting();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Makes all changes that wait now, while others may begin to wait. */
  private void makeWaiting() {
    List<Waiting<C>> group = waiting;
    waiting = new ArrayList<>();
    busy = true;
    lock.unlock();
    try {
      maker.accept(group.stream().map(each -> each.change).toList());
    } finally {
      lock.lock();
      busy = false;
      group.forEach(each -> each.over = true);
      done.signalAll();
    }
  }
}
