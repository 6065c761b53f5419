package org.postern.host.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The bytes that are held for all clients together: requests that are not whole or wait, and
 * replies that are not read. When there are more than there may be, the connections that hold most
 * are given up first. Those that hold little, as every process of Postfix does, are not even
 * counted: a lookup touches nothing here. Any thread may call.
 */
public final class ClientMemory {
  /** What holds less is not counted: 10,000 connections could hold 40 MB so. */
  static final int SMALL = 4096;

  private final long limit;
  private final Set<Share> shares = new HashSet<>();
  private long held;
  private long givenUp;

  /**
   * @param limit the parameter postern_client_memory_limit, bytes
   */
  ClientMemory(long limit) {
    this.limit = limit;
  }

  /** How many bytes are held. */
  public synchronized long held() {
    return held;
  }

  /** How many may be. */
  public long limit() {
    return limit;
  }

  /** How many connections were given up. */
  public synchronized long givenUp() {
    return givenUp;
  }

  /**
   * What one connection holds: nothing yet.
   *
   * @param giveUp closes it; called by any thread, and must not wait
   */
  Share share(Runnable giveUp) {
    return new Share(giveUp);
  }

  /** What one connection holds. Its owner alone changes it. */
  final class Share {
    private final Runnable giveUp;

    /** As the owner has said last; read by others under the lock. */
    private long bytes;

    private boolean isGivenUp;

    private Share(Runnable giveUp) {
      this.giveUp = giveUp;
    }

    /** Says how much it is now. */
    void set(long now) {
      long counted = now < SMALL ? 0 : now;
      if (counted != bytes) {
        change(this, counted).forEach(share -> share.giveUp.run());
      }
    }
  }

  private synchronized List<Share> change(Share share, long bytes) {
    long before = share.bytes;
    share.bytes = bytes;
    if (share.isGivenUp) {
      return List.of();
    }
    held += bytes - before;
    if (bytes == 0) {
      shares.remove(share);
    } else {
      shares.add(share);
    }
    return held <= limit ? List.of() : largest();
  }

  /** Those that are to be closed; they count no more from now on. */
  private List<Share> largest() {
    List<Share> largest = new ArrayList<>();
    List<Share> all = new ArrayList<>(shares);
    all.sort(Comparator.comparingLong(share -> -share.bytes));
    for (Share share : all) {
      if (held <= limit) {
        break;
      }
      share.isGivenUp = true;
      shares.remove(share);
      held -= share.bytes;
      givenUp++;
      largest.add(share);
    }
    return largest;
  }
}
