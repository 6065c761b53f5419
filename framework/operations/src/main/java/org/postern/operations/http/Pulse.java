package org.postern.operations.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Whether the event loops turn. Any thread may ask. */
final class Pulse {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Consumer<Runnable> afterTurn;
  private CompletableFuture<Boolean> beat = CompletableFuture.completedFuture(true);
  private long asked;

  /**
   * @param afterTurn does something when every event loop has ended what it is at
   */
  Pulse(Consumer<Runnable> afterTurn) {
    this.afterTurn = afterTurn;
  }

  /** Waits until all have turned, or should have: two seconds, of all who ask together. */
  boolean beats() throws InterruptedException {
    CompletableFuture<Boolean> waitedFor;
    long since;
    synchronized (this) {
      if (beat.isDone()) {
        CompletableFuture<Boolean> next = new CompletableFuture<>();
        beat = next;
        asked = System.nanoTime();
        afterTurn.accept(() -> next.complete(true));
      }
      waitedFor = beat;
      since = asked;
    }
    try {
      long left = PATIENCE.toNanos() - (System.nanoTime() - since);
      return waitedFor.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
