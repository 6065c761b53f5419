package org.postern.driver.sql;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Who may have a connection next, in the order in which they came: one turn for each connection
 * that the server grants. Any thread may call.
 */
final class Turns extends Semaphore {
  private static final long serialVersionUID = 1;

  private volatile int number;

  Turns(int number) {
    super(number, true);
    this.number = number;
  }

  /** How many there are, those in use included. */
  int number() {
    return number;
  }

  /** Makes more or fewer of them; those in use come to an end as before. */
  void setNumber(int wanted) {
    if (wanted != number) {
      change(wanted);
    }
  }

  private synchronized void change(int wanted) {
    int more = wanted - number;
    number = wanted;
    if (more > 0) {
      release(more);
    } else if (more < 0) {
      reducePermits(-more);
    }
  }

  /** Waits for one, for so long at most. */
  boolean take(Duration atMost) throws InterruptedException {
    return tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }
}
