package org.postern.testkit.wire;

import static org.postern.testkit.wire.RawClient.lookup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A client that asks again and again, while others do harm, and sees how long its answers take. */
public final class Bystander implements AutoCloseable {
  private static final int MOST = 1_000_000;

  private final RawClient client;
  private final String request;
  private final String answer;
  private final long[] nanos = new long[MOST];
  private final Thread thread;
  private int count;
  private volatile boolean ending;
  private volatile @Nullable String wrong;

  /**
   * @param value what a lookup of the key finds
   */
  public Bystander(Path socket, String table, String key, String value) throws IOException {
    this.client = RawClient.connect(socket);
    this.request = lookup(table, key);
    this.answer = "status|0|value|" + value + "||";
    this.thread = Thread.ofPlatform().start(this::ask);
  }

  private void ask() {
    try {
      while (!ending && count < MOST) {
        long begun = System.nanoTime();
        String given = client.ask(request);
        nanos[count++] = System.nanoTime() - begun;
        if (!given.equals(answer)) {
          wrong = "it was told \"" + given + "\"";
          return;
        }
        Thread.sleep(1);
      }
    } catch (IOException | InterruptedException e) {
      wrong = e.toString();
    }
  }

  /**
   * Ends.
   *
   * @return within which time 99 of a hundred lookups were answered
   */
  public Duration p99() throws InterruptedException {
    ending = true;
    thread.join();
    if (wrong != null) {
      throw new AssertionError("another client: " + wrong);
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return count == 0 ? Duration.ZERO : Duration.ofNanos(sorted[(int) (count * 0.99)]);
  }

  /** Ends, whatever it was told. */
  @Override
  public void close() throws IOException {
    ending = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
