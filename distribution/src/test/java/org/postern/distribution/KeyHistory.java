package org.postern.distribution;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a key: one change after the other, each with a number. One thread makes them,
 * others say what they have found and when they looked.
 */
final class KeyHistory {
  /** Every so many changes, the key is removed. */
  private static final int REMOVAL = 7;

  private final String key;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();

  KeyHistory(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  /** Begins the next change: from now on its outcome can be found. */
  int begin() {
    return begun.incrementAndGet();
  }

  /** Ends a change: from now on what was before cannot be found. */
  void acknowledge(int change) {
    acknowledged.set(change);
  }

  /** The number of the last acknowledged change. */
  int acknowledged() {
    return acknowledged.get();
  }

  /**
   * What there is after a change: the value, which grows and shrinks; null when the key is removed.
   */
  @Nullable String after(int change) {
    if (change % REMOVAL == 0) {
      return null;
    }
    int length = change % 50 == 0 ? 20_000 : change * 7919 % (change % 5 == 0 ? 3000 : 100);
    return change + " of " + key + " " + ("" + (char) ('a' + change % 26)).repeat(length);
  }

  /**
   * Which change it was that somebody has found the outcome of; the first one, if several look like
   * that.
   *
   * @param earliest a change that had been acknowledged when he looked
   * @return -1 when there has been no such change by now
   */
  int changeOf(@Nullable String found, int earliest) {
    int latest = begun.get();
    int change =
        found == null
            ? (earliest + REMOVAL - 1) / REMOVAL * REMOVAL
            : Integer.parseInt(found.substring(0, found.indexOf(' ')));
    boolean possible =
        earliest <= change && change <= latest && Objects.equals(found, after(change));
    return possible ? change : -1;
  }

  @Override
  public String toString() {
    return key + ", changed " + begun + " times, acknowledged " + acknowledged;
  }
}
