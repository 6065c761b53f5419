package org.postern.program.daemon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postern.host.service.ConfigurationLook.Pending;

/**
 * The denials that wait for a look at the configuration: so many, and of so many bytes, and no
 * more. When there is no room, those whose client has gone are dropped first. Any thread may call.
 */
final class PendingDenials {
  private final int most;
  private final long mostBytes;
  private final List<Pending> waiting = new ArrayList<>();
  private final List<Pending> inHand = new ArrayList<>();
  private long bytes;

  /**
   * @param most how many there may be
   * @param mostBytes how many bytes they may hold
   */
  PendingDenials(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /** Adds one, unless there is no room for it. */
  synchronized boolean add(Pending pending) {
    if (!hasRoomFor(pending)) {
      drop(waiting);
      drop(inHand);
    }
    if (!hasRoomFor(pending)) {
      return false;
    }
    waiting.add(pending);
    bytes += pending.size();
    notifyAll();
    return true;
  }

  private boolean hasRoomFor(Pending pending) {
    return waiting.size() + inHand.size() < most && bytes + pending.size() <= mostBytes;
  }

  private void drop(List<Pending> some) {
    some.removeIf(pending -> {
      boolean gone = pending.abandoned();
      if (gone) {
        bytes -= pending.size();
      }
      return gone;
    });
  }

  /** Waits until there is one, or for some time. */
  synchronized void await(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    for (long left = atMost.toNanos(); waiting.isEmpty() && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
  }

  /** Those that are there now belong to the look that begins now. */
  synchronized void lookBegins() {
    inHand.addAll(waiting);
    waiting.clear();
  }

  /** The look has ended: those that belong to it, who no longer count. */
  synchronized List<Pending> lookEnds() {
    List<Pending> looked = List.copyOf(inHand);
    inHand.clear();
    looked.forEach(pending -> bytes -= pending.size());
    return looked;
  }
}
