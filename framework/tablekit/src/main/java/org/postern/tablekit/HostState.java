package org.postern.tablekit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server can be asked. One that has failed is left alone by lookups, and checked in the
 * background: as soon as a check succeeds it serves again where there is no other, and {@code
 * retry_interval} after the failure as before. Any thread may call.
 */
public final class HostState implements AutoCloseable {
  /** How soon a server that is back is noticed. */
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(400);

  /** How soon it is noticed that one which has refused us does so no longer. */
  private static final Duration REFUSED_INTERVAL = Duration.ofMillis(800);

  /** What a lookup may expect. */
  public enum Condition {
    /** It answers, or has not been tried. */
    UP,
    /** It answers again, but has failed not long ago. */
    RECOVERED,
    /** It is not to be asked. */
    FAILED
  }

  /** A try whether the server answers; may wait, and is bounded in time by itself. */
  public interface Check {
    /**
     * Connects and asks for something small.
     *
     * @throws Exception whose message says what is wrong, without a password
     */
    void run() throws Exception;
  }

  /**
   * Why a server was given up.
   *
   * @param reason for the log
   * @param refused whether the server answered, and will answer the same until somebody mends
   *     something: asked again less often
   */
  public record Trouble(String reason, boolean refused) {}

  private final String name;
  private final Duration retryInterval;
  private final Check check;
  private final System.Logger logger;
  private volatile Condition condition = Condition.UP;
  private volatile @Nullable Trouble trouble;
  private volatile long failedAt;
  private volatile long failures;
  private @Nullable Thread checker;
  private boolean closed;

  /**
   * @param name as an operator knows the server, for the log
   * @param retryInterval how long after a failure other servers are preferred
   */
  public HostState(String name, Duration retryInterval, Check check, System.Logger logger) {
    this.name = name;
    this.retryInterval = retryInterval;
    this.check = check;
    this.logger = logger;
  }

  public Condition condition() {
    Condition now = condition;
    if (now == Condition.RECOVERED && System.nanoTime() - failedAt >= retryInterval.toNanos()) {
      condition = Condition.UP;
      return Condition.UP;
    }
    return now;
  }

  /** What was wrong when it last failed, if it has not been up since. */
  public @Nullable Trouble trouble() {
    return condition == Condition.FAILED ? trouble : null;
  }

  /** How often it has been told to have failed. */
  public long failures() {
    return failures;
  }

  /** Tells that the server could not be reached or did not answer. */
  public synchronized void failed(Trouble why) {
    boolean isNew = condition != Condition.FAILED;
    trouble = why;
    failedAt = System.nanoTime();
    failures = failures + 1;
    condition = Condition.FAILED;
    if (isNew && !closed) {
      logger.log(System.Logger.Level.WARNING, why.reason());
    }
    if (checker == null && !closed) {
      // A thread of its own: a server that hangs must not keep the checks of others waiting, as it
      // would where native code holds a virtual thread's carrier.
      checker = Thread.ofPlatform().daemon().name("check " + name).start(this::checkUntilUp);
    }
  }

  private void checkUntilUp() {
    while (!isClosed()) {
      try {
        Thread.sleep(pause());
        check.run();
        if (recovered()) {
          return;
        }
      } catch (InterruptedException e) {
        // isClosed tells whether that was meant for the end.
      } catch (Exception | Error e) {
        // Whatever it is: a server that nobody checks would be down for ever.
        logger.log(System.Logger.Level.DEBUG, name + ": still down: " + e.getMessage());
      }
    }
  }

  /** One that refuses is asked less often: each try may be a line in its log. */
  private Duration pause() {
    Trouble now = trouble;
    return now != null && now.refused() ? REFUSED_INTERVAL : CHECK_INTERVAL;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized boolean recovered() {
    checker = null;
    condition = Condition.RECOVERED;
    logger.log(System.Logger.Level.INFO, name + " answers again");
    return true;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (checker != null) {
      checker.interrupt();
    }
  }
}
