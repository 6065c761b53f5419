package org.postern.host.server;

import java.time.Duration;

/** How many clients there are, over all sockets, and were. Any thread may ask. */
public final class Clients {
  private int present;
  private long served;
  private long turnedAway;
  private long lastWent = System.nanoTime();

  /** Counts one more, unless there are as many as there may be. */
  synchronized boolean come(int limit) {
    if (present >= limit) {
      turnedAway++;
      return false;
    }
    present++;
    return true;
  }

  /** Counts one who has gone. */
  synchronized void go() {
    present--;
    served++;
    lastWent = System.nanoTime();
  }

  /** How many there are. */
  public synchronized int present() {
    return present;
  }

  /** How many have come and gone. */
  public synchronized long served() {
    return served;
  }

  /** How many were too many. */
  public synchronized long turnedAway() {
    return turnedAway;
  }

  /** For how long there have been none; zero while there are some. */
  public synchronized Duration idle() {
    return present > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastWent);
  }
}
