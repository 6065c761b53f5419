package org.postern.driver.berkeleydb;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.postern.driver.berkeleydb.libc.SystemCallException;

/**
 * The pages of a file while it is changed: copies of those that are to be written, which nobody
 * else sees before {@link #commit()}, and all others from the file. The file is exclusively locked
 * as long as this is in use.
 *
 * <p>Pages that are no longer used are in a list that begins in the first page, and are used again
 * before the file is made longer.
 */
final class Transaction implements Pages, AutoCloseable {
  private static final int SEQUENCE_NUMBER = 8;
  private static final int FREE = 28;
  private static final int LAST = 32;
  private static final long MOST_PAGES = 0xFFFF_FFFFL;

  private final Journal journal;
  private final PagesOnDisk before;
  private final SortedMap<Long, Page> changed = new TreeMap<>();
  private final Map<Long, Page> unchanged = new HashMap<>();
  private FileHeader file;

  /**
   * Begins a change, after having finished one that was not.
   *
   * @param journal of a table that is exclusively locked
   */
  Transaction(String maptype, Journal journal) throws SystemCallException, CorruptFileException {
    this.journal = journal;
    journal.recover();
    this.before = new PagesOnDisk(maptype, journal.files().table());
    this.file = before.file();
  }

  @Override
  public FileHeader file() {
    return file;
  }

  @Override
  public Page page(long number) throws CorruptFileException {
    Page page = changed.get(number);
    return page == null ? unchanged(number) : page;
  }

  /** A page as the file has it, or will have it where it is made longer: zeros. */
  private Page unchanged(long number) throws CorruptFileException {
    checkNumber(number);
    Page page = unchanged.get(number);
    if (page == null) {
      page = number < before.file().pages() ? before.page(number) : zeros(number);
      unchanged.put(number, page);
    }
    return page;
  }

  private Page zeros(long number) {
    return new Page(file, MemorySegment.ofArray(new byte[file.pageSize()]), 0, number);
  }

  /** A page that will be written. */
  Page writable(long number) throws CorruptFileException {
    Page page = changed.get(number);
    if (page == null) {
      page = unchanged(number);
      unchanged.remove(number);
      changed.put(number, page);
    }
    return page;
  }

  /** An empty page that was not in use. */
  Page allocate(int type, int level) throws CorruptFileException {
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
  Page append(long count, int type, int level) throws CorruptFileException {
    Page first = writable(0);
    checkNumber(first.u32(LAST));
    long last = first.u32(LAST) + count;
    if (last >= MOST_PAGES) {
      throw first.corrupt("the file has all the pages that it can have");
    }
    Page page = zeros(last);
    page.put(0, first.copy(0, SEQUENCE_NUMBER), 0, SEQUENCE_NUMBER);
    page.clear(type, level);
    // A file may be longer than it says: those pages, and a part of one, are not zeros.
    long end = Math.min(last, before.file().pages() + 1);
    for (long number = last - count + 1; number < end; number++) {
      changed.put(number, zeros(number));
    }
    changed.put(last, page);
    first.putU32(LAST, last);
    file = file.withPages(Math.max(file.pages(), last + 1));
    return page;
  }

  long lastPage() throws CorruptFileException {
    return page(0).u32(LAST);
  }

  /** Gives up a page. */
  void free(long number) throws CorruptFileException {
    Page first = writable(0);
    Page page = writable(number);
    page.clear(Page.INVALID, 0);
    page.putNext(first.u32(FREE));
    first.putU32(FREE, number);
  }

  /** Has the change on disk. */
  void commit() throws SystemCallException {
    if (!changed.isEmpty()) {
      journal.commit(changed);
    }
  }

  @Override
  public void close() {
    before.close();
  }
}
