package org.postern.driver.ldap;

import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** How many connections a directory has, by its own access log. */
final class OpenConnections extends Handler {
  private int all;
  private int now;
  private int most;

  @Override
  public synchronized void publish(LogRecord line) {
    if (line.getMessage().contains("] CONNECT ")) {
      all++;
      now++;
      most = Math.max(most, now);
    } else if (line.getMessage().contains("] DISCONNECT ")) {
      now--;
    }
  }

  synchronized int now() {
    return now;
  }

  /** How many there have been. */
  synchronized int all() {
    return all;
  }

  /** The most there have been at once. */
  synchronized int most() {
    return most;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
