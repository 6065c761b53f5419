package org.postern.testservers;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Counts the connections of the tables' user all the time, as the server itself counts them. */
public final class ConnectionWatch implements AutoCloseable {
  /** Nanoseconds; the processor is for the server too. */
  private static final long PAUSE = 2_000_000;

  private final TestServer server;
  private final Thread thread;
  private volatile boolean stopped;
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger counted = new AtomicInteger();

  private ConnectionWatch(TestServer server) {
    this.server = server;
    this.thread = Thread.ofPlatform().daemon().name("connection watch").start(this::watch);
  }

  /** Begins to count. */
  public static ConnectionWatch of(TestServer server) {
    return new ConnectionWatch(server);
  }

  private void watch() {
    while (!stopped) {
      try (Connection connection = server.admin();
          Statement statement = connection.createStatement()) {
        while (!stopped) {
          try (ResultSet count = statement.executeQuery(server.countingConnections())) {
            count.next();
            most.accumulateAndGet(count.getInt(1), Math::max);
            counted.incrementAndGet();
          }
          LockSupport.parkNanos(PAUSE);
        }
      } catch (SQLException _) {
        LockSupport.parkNanos(10 * PAUSE); // the server is down: again until it is back
      }
    }
  }

  /** The most there were at a time. */
  public int most() {
    return most.get();
  }

  /** How often they have been counted. */
  public int counted() {
    return counted.get();
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
