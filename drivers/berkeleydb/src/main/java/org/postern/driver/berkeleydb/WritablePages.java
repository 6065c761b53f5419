package org.postern.driver.berkeleydb;

/**
 * The pages of a file that is changed.
 *
 * <p>Pages that are no longer used are in a list that begins in the first page, and are used again
 * before the file is made longer.
 */
interface WritablePages extends Pages {
  int SEQUENCE_NUMBER = 8;
  int FREE = 28;
  int LAST = 32;
  long MOST_PAGES = 0xFFFF_FFFFL;

  /** A page that will be written. */
  Page writable(long number) throws CorruptFileException;

  /**
   * Makes the file longer.
   *
   * @param first of the pages that come to it, all zeros
   * @param last of them
   * @return the last one, to be written
   */
  Page grow(long first, long last) throws CorruptFileException;

  /** An empty page that was not in use. */
  default Page allocate(int type, int level) throws CorruptFileException {
    Page first = writable(0);
    long free = first.u32(FREE);
    if (free == 0) {
      return append(1, type, level);
    }
    checkNumber(free);
    Page page = writable(free);
    page.check();
    if (page.type() != Page.INVALID) {
      throw page.corrupt("is in the list of free pages, and in use");
    }
    first.putU32(FREE, page.next());
    page.clear(type, level);
    return page;
  }

  /**
   * Makes the file longer.
   *
   * @param count how many pages; those before the last one are all zeros
   * @return the last one, empty
   */
  default Page append(long count, int type, int level) throws CorruptFileException {
    Page first = writable(0);
    checkNumber(first.u32(LAST));
    long last = first.u32(LAST) + count;
    if (last >= MOST_PAGES) {
      throw first.corrupt("the file has all the pages that it can have");
    }
    Page page = grow(last - count + 1, last);
    page.put(0, first.copy(0, SEQUENCE_NUMBER), 0, SEQUENCE_NUMBER);
    page.clear(type, level);
    first.putU32(LAST, last);
    return page;
  }

  default long lastPage() throws CorruptFileException {
    return page(0).u32(LAST);
  }

  /** Gives up a page. */
  default void free(long number) throws CorruptFileException {
    Page first = writable(0);
    Page page = writable(number);
    page.clear(Page.INVALID, 0);
    page.putNext(first.u32(FREE));
    first.putU32(FREE, number);
  }
}
