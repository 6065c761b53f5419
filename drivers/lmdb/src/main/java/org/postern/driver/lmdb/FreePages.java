package org.postern.driver.lmdb;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The pages that a transaction may take, and those that it leaves behind.
 *
 * <p>They are kept in a tree of their own: for each transaction the pages that it left behind,
 * which are nobody's when two more have come. Records are taken as they are needed, the oldest
 * first. What is left of them goes back in small ones, so that a transaction need not read and
 * write a long list.
 */
final class FreePages {
  /** So many more pages than there are may come while the list of them is stored. */
  private static final int SLACK = 16;

  /** So many records are looked at for a long value before the file grows instead. */
  private static final int MOST_FOR_A_RUN = 8;

  private final Transaction transaction;
  private final MutableTree tree;
  private final TreeSet<Long> pool = new TreeSet<>();
  private final TreeSet<Long> left = new TreeSet<>();
  private final List<Long> taken = new ArrayList<>();
  private boolean storing;

  FreePages(Transaction transaction, MutableTree tree) {
    this.transaction = transaction;
    this.tree = tree;
  }

  /** The first of pages one after the other, or -1 when the file has to grow for them. */
  long take(int count) throws CorruptFileException {
    int looked = 0;
    while (true) {
      long first = run(count);
      if (first >= 0) {
        for (int i = 0; i < count; i++) {
          pool.remove(first + i);
        }
        return first;
      }
      // While the tree is changed it cannot be read.
      if (storing || looked++ == MOST_FOR_A_RUN || !takeRecord()) {
        return -1;
      }
    }
  }

  private long run(int count) {
    if (count == 1) {
      return pool.isEmpty() ? -1 : pool.first();
    }
    long first = -1;
    long next = -1;
    for (long page : pool) {
      if (page != next) {
        first = page;
      }
      next = page + 1;
      if (next - first == count) {
        return first;
      }
    }
    return -1;
  }

  /** A page that this transaction has taken and does not need any more. */
  void giveBack(long page) {
    pool.add(page);
  }

  /** A page that the last transaction used and this one does not. */
  void leave(long page) {
    left.add(page);
  }

  private boolean takeRecord() throws CorruptFileException {
    byte @Nullable [] last = taken.isEmpty() ? null : MutableTree.number(taken.getLast());
    MutableTree.Stored record = tree.after(last);
    if (record == null || MutableTree.number(record.key()) >= transaction.number() - 1) {
      return false;
    }
    taken.add(MutableTree.number(record.key()));
    MemorySegment numbers = MemorySegment.ofArray(record.value());
    long count = numbers.get(JAVA_LONG_UNALIGNED, 0);
    for (long i = 1; i <= count; i++) {
      long page = numbers.get(JAVA_LONG_UNALIGNED, i * Long.BYTES);
      if (!pool.add(page)) {
        throw new CorruptFileException(page, "is free twice");
      }
    }
    return true;
  }

  /** Stores both lists in the tree. To store them takes pages, and leaves others behind. */
  void store() throws CorruptFileException {
    while (pool.size() < SLACK && takeRecord()) {
      // The more there are now, the less the file grows.
    }
    storing = true;
    long lowest = taken.isEmpty() ? 0 : taken.getLast();
    for (long record : taken) {
      tree.delete(MutableTree.number(record));
    }
    TreeMap<Long, Integer> pieces = new TreeMap<>();
    long room = 0;
    long roomForLeft = -1;
    while (true) {
      if (lowest == 0 && !pool.isEmpty() && pieces.isEmpty()) {
        left.addAll(pool); // there is no transaction that they could be of but this one
        pool.clear();
      }
      if (left.size() > roomForLeft && !left.isEmpty()) {
        roomForLeft = (long) left.size() + SLACK;
        tree.put(MutableTree.number(transaction.number()), list(roomForLeft));
      } else if (pool.size() > room) {
        long most = transaction.size() / (long) Long.BYTES - 3;
        long missing = pool.size() - room + SLACK;
        int piece = Math.toIntExact(lowest == 1 ? missing : Math.min(missing, most));
        if (lowest == 0) { // the last one was given all that were left, and more have come
          Map.Entry<Long, Integer> first = Objects.requireNonNull(pieces.pollFirstEntry());
          lowest = first.getKey();
          room -= first.getValue();
          piece = Math.toIntExact(pool.size() - room + SLACK);
        }
        tree.put(MutableTree.number(lowest), list(piece));
        pieces.put(lowest, piece);
        room += piece;
        lowest--;
      } else {
        break;
      }
    }
    fill(pieces);
  }

  private static byte[] list(long count) {
    return new byte[Math.toIntExact((count + 1) * Long.BYTES)];
  }

  /** Writes the numbers where there is room for them; nothing moves any more. */
  private void fill(Map<Long, Integer> pieces) throws CorruptFileException {
    List<Long> all = new ArrayList<>(pool);
    int from = 0;
    for (var piece : pieces.entrySet()) {
      int to = Math.min(all.size(), from + piece.getValue());
      write(piece.getKey(), all.subList(from, to));
      from = to;
    }
    if (!left.isEmpty()) {
      write(transaction.number(), new ArrayList<>(left));
    }
  }

  /** A record of free pages: how many, then their numbers, the largest first. */
  private void write(long record, List<Long> numbers) throws CorruptFileException {
    MemorySegment value = tree.value(MutableTree.number(record));
    value.set(JAVA_LONG_UNALIGNED, 0, numbers.size());
    for (int i = 0; i < numbers.size(); i++) {
      value.set(JAVA_LONG_UNALIGNED, (i + 1L) * Long.BYTES, numbers.get(numbers.size() - 1 - i));
    }
  }
}
