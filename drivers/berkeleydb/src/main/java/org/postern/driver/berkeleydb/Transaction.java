package org.postern.driver.berkeleydb;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.postern.platform.libc.SystemCallException;

/**
 * The pages of a file while it is changed: copies of those that are to be written, which nobody
 * else sees before {@link #commit()}, and all others from the file. The file is exclusively locked
 * as long as this is in use.
 */
final class Transaction implements WritablePages, AutoCloseable {
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

  @Override
  public Page writable(long number) throws CorruptFileException {
    Page page = changed.get(number);
    if (page == null) {
      page = unchanged(number);
      unchanged.remove(number);
      changed.put(number, page);
    }
    return page;
  }

  @Override
  public Page grow(long first, long last) {
    // A file may be longer than it says: those pages, and a part of one, are not zeros.
    long end = Math.min(last, before.file().pages() + 1);
    for (long number = first; number < end; number++) {
      changed.put(number, zeros(number));
    }
    Page page = zeros(last);
    changed.put(last, page);
    file = file.withPages(Math.max(file.pages(), last + 1));
    return page;
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
