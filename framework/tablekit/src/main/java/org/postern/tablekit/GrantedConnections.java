package org.postern.tablekit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections a server lets us have, when that is fewer than {@code postern_pool_size}:
 * {@code max_user_connections} of MySQL, {@code CONNECTION LIMIT} of a PostgreSQL role, a server
 * that is full. Not a failure: lookups wait for the connections that there are. After a while more
 * are tried. Any thread may call.
 */
public final class GrantedConnections {
  /** After that long without a refusal, more are tried. */
  private static final Duration WHILE = Duration.ofMinutes(1);

  private final String server;
  private final int most;
  private final System.Logger logger;
  private final AtomicInteger open = new AtomicInteger();
  private volatile int granted;
  private volatile long since = System.nanoTime();
  private int told;

  /**
   * @param server as an operator knows it, for the log
   * @param most {@code postern_pool_size}
   */
  public GrantedConnections(String server, int most, System.Logger logger) {
    this.server = server;
    this.most = most;
    this.logger = logger;
    this.granted = most;
    this.told = most;
  }

  /** How many there may be now. */
  public int number() {
    return granted == most ? most : afterAWhile();
  }

  private synchronized int afterAWhile() {
    if (granted < most && System.nanoTime() - since >= WHILE.toNanos()) {
      granted = most;
    }
    return granted;
  }

  /**
   * Asks leave to make one more.
   *
   * @return false when the server would refuse it; otherwise {@link #ended} is to be called once
   *     when it has ended or could not be made
   */
  public boolean mayBegin() {
    int limit = number();
    int before = open.get();
    while (before < limit) {
      if (open.compareAndSet(before, before + 1)) {
        return true;
      }
      before = open.get();
    }
    return false;
  }

  /** One that had leave has ended. */
  public void ended() {
    open.decrementAndGet();
  }

  /**
   * Notes that the server has refused the one that had leave last, since there are too many. {@link
   * #ended} is still to be called for it.
   *
   * @param why in the server's words
   * @return whether there are others that can be waited for; false: the server is not to be used
   */
  public synchronized boolean refused(String why) {
    int others = open.get() - 1;
    if (others <= 0) {
      granted = most; // once the server can be used again, all may be
      return false;
    }
    since = System.nanoTime();
    if (others < granted) {
      granted = others;
      if (others != told) {
        told = others;
        warn(logger, server, others, most, why);
      }
    }
    return true;
  }

  /**
   * Tells operators of it.
   *
   * @param server as they know it
   * @param most {@code postern_pool_size}
   * @param why in the server's words
   */
  public static void warn(System.Logger logger, String server, int granted, int most, String why) {
    logger.log(
        System.Logger.Level.WARNING,
        "%s grants %d connections, fewer than postern_pool_size = %d: lookups share these;"
                .formatted(server, granted, most)
            + " raise the server's limit, or lower postern_pool_size ("
            + why
            + ")");
  }
}
