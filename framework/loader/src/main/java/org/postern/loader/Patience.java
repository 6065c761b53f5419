package org.postern.loader;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.postern.platform.log.ThreadPlace;
import org.postern.spi.TableUnavailableException;

/**
 * Calls of a vendor's plugin that must come back soon. Each is made by a thread of its own, which
 * is left behind when it does not: neither the daemon's start nor its status may wait for it.
 */
final class Patience {
  private final String plugin;
  private volatile @Nullable Thread leftBehind;

  /**
   * @param plugin its id, for messages
   */
  Patience(String plugin) {
    this.plugin = plugin;
  }

  /**
   * Makes a call. None is made as long as an earlier one has not come back.
   *
   * @throws TableUnavailableException when it takes longer, or throws; the message says which
   */
  <R> R call(String what, Duration atMost, Callable<R> call) throws TableUnavailableException {
    Thread before = leftBehind;
    if (before != null && before.isAlive()) {
      throw new TableUnavailableException(
          "plugin " + plugin + ": an earlier call does not come back: " + ThreadPlace.of(before));
    }
    CompletableFuture<R> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform().daemon().name("plugin-" + plugin).start(() -> complete(result, call));
    try {
      return result.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      String place = ThreadPlace.of(thread);
      leftBehind = thread;
      thread.interrupt();
      throw new TableUnavailableException(
          what + " has not come back within " + atMost.toMillis() + " ms: " + place, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TableUnavailableException(what + " was interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof TableUnavailableException said) {
        throw said;
      }
      throw new TableUnavailableException(what + " failed: " + cause, e);
    }
  }

  private static <R> void complete(CompletableFuture<R> result, Callable<R> call) {
    try {
      result.complete(call.call());
    } catch (Throwable e) { // whatever a plugin throws
      result.completeExceptionally(e);
    }
  }
}
