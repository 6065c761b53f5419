package org.postern.driver.berkeleydb;

/**
 * Items too big for a page: their bytes are in a chain of pages of their own. The first page counts
 * how many items refer to it: a key on a leaf may be shared by one on an inner page.
 */
final class Overflow {
  private Overflow() {}

  /**
   * The bytes of an item.
   *
   * @param first the chain's first page
   * @param length the item's length as stated where it is referred to, bytes
   */
  static byte[] read(Pages pages, long first, long length) throws CorruptFileException {
    if (length > pages.file().pages() * pages.file().pageSize()) {
      throw new CorruptFileException(first, "an item of " + length + " bytes is not in this file");
    }
    byte[] bytes = new byte[Math.toIntExact(length)];
    int done = 0;
    long number = first;
    while (done < bytes.length) {
      Page page = pages.page(number);
      page.check();
      int here = page.overflowLength();
      if (page.type() != Page.OVERFLOW
          || here == 0
          || here > bytes.length - done
          || Page.HEADER + here > pages.file().pageSize()) {
        throw page.corrupt("is not a page of the big item that begins at page " + first);
      }
      System.arraycopy(page.copy(Page.HEADER, here), 0, bytes, done, here);
      done += here;
      number = page.next();
    }
    return bytes;
  }

  /**
   * Puts bytes into pages of their own.
   *
   * @return the first page
   */
  static long write(WritablePages pages, byte[] bytes) throws CorruptFileException {
    int room = pages.file().pageSize() - Page.HEADER;
    Page page = pages.allocate(Page.OVERFLOW, 0);
    long first = page.number();
    int done = 0;
    while (true) {
      int here = Math.min(room, bytes.length - done);
      page.putReferences(1);
      page.putOverflowLength(here);
      page.put(Page.HEADER, bytes, done, here);
      done += here;
      if (done == bytes.length) {
        return first;
      }
      Page next = pages.allocate(Page.OVERFLOW, 0);
      page.putNext(next.number());
      next.putPrevious(page.number());
      page = next;
    }
  }

  /** Gives up one reference to a big item, and its pages with the last one. */
  static void free(WritablePages pages, long first) throws CorruptFileException {
    Page page = chained(pages, first);
    if (page.references() > 1) {
      pages.writable(first).putReferences(page.references() - 1);
      return;
    }
    long next = page.next();
    pages.free(first);
    while (next != 0) {
      long number = next;
      next = chained(pages, number).next();
      pages.free(number);
    }
  }

  /** A page of a chain; one that was given up already is none, so that a circle ends. */
  private static Page chained(WritablePages pages, long number) throws CorruptFileException {
    Page page = pages.page(number);
    page.check();
    if (page.type() != Page.OVERFLOW) {
      throw page.corrupt("is not a page of a big item");
    }
    return page;
  }
}
