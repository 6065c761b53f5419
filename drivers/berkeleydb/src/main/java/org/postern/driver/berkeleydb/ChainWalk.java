package org.postern.driver.berkeleydb;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Entry;

/** Page by page, along chains of pages on which keys and values alternate. */
abstract class ChainWalk implements AccessMethod.Walk {
  /** There is no further chain. */
  static final long NONE = -1;

  private long page;
  private int index;
  private long left;
  private final Queue<Entry> entries = new ArrayDeque<>();

  /**
   * Goes on to another chain.
   *
   * @return its first page, or {@link #NONE}, then and whenever it is asked again
   */
  abstract long nextChain(Pages pages) throws CorruptFileException;

  /** A page of a chain. */
  abstract Page page(Pages pages, long number) throws CorruptFileException;

  /** Adds what a key stands for: an entry for each of its values, of which there may be none. */
  abstract void read(Pages pages, Page page, int key, Queue<Entry> into)
      throws CorruptFileException;

  @Override
  public final @Nullable Entry next(Pages pages) throws CorruptFileException {
    while (entries.isEmpty()) {
      if (page == 0) {
        long first = nextChain(pages);
        if (first == NONE) {
          return null;
        }
        page = first;
        index = 0;
        left = pages.file().pages();
      }
      Page current = page(pages, page);
      if (index + 1 < current.items()) {
        read(pages, current, index, entries);
        index += 2;
      } else {
        page = current.next();
        index = 0;
        if (left-- == 0) {
          throw current.corrupt("is in a chain of pages without an end");
        }
      }
    }
    return entries.remove();
  }
}
