package org.postern.driver.lmdb;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.postern.platform.libc.StoredFile;
import org.postern.platform.libc.SystemCallException;

/**
 * A change of a file as LMDB makes it: changed pages are written to places that nobody reads, and
 * when they are on disk, a meta page that refers to them. Until then nothing has happened.
 *
 * <p>For a file that is sound and that nobody else writes. Whatever is in it, and whatever becomes
 * of it meanwhile, this ends with a result or an exception, which the LMDB library cannot promise:
 * it reads the file through a mapping. Used by one thread.
 */
final class Transaction implements Pages, AutoCloseable {
  /**
   * With more changed pages than that in memory, all of them are written: nobody reads them yet.
   */
  private static final long MOST_CHANGED = 64L << 20;

  /** So many pages that are not changed are kept: most are read again at once. */
  private static final int MOST_READ = 64;

  /** The smallest page of any machine, and that of the files that are made here, bytes. */
  private static final int PAGE = 4096;

  private static final int MAP_SIZE = 32;

  private static final String NOT_LOCKED =
      "somebody who has not locked the file writes it; replace it by renaming another";

  private final StoredFile file;
  private final Meta newest;
  private final MemorySegment meta;
  private final int pageSize;
  private final long number;
  private final MutableTree entries;
  private final MutableTree freeTree;
  private final FreePages free;
  private final BitSet mine = new BitSet();
  private final Map<Long, MemorySegment> changed = new HashMap<>();

  /** Whole pages as the file has them, on the heap. */
  private final Map<Long, MemorySegment> unchanged = new HashMap<>();

  @SuppressWarnings("MustBeClosedChecker") // closed with the transaction
  private final Arena buffers = Arena.ofConfined();

  /** Of changed pages. */
  @SuppressWarnings("MustBeClosedChecker") // closed with the transaction
  private Arena memory = Arena.ofConfined();

  /** The file's size before anything was written, bytes. */
  private final long sizeBefore;

  private long changedBytes;
  private long lastPage;

  /**
   * Begins a transaction.
   *
   * @param size the file's, bytes
   * @param newest the newer meta page of the file
   */
  Transaction(StoredFile file, long size, Meta newest)
      throws SystemCallException, CorruptFileException {
    if (newest.pageSize() < PAGE) {
      throw new CorruptFileException(
          "pages of %d bytes are not LMDB's".formatted(newest.pageSize()));
    }
    this.file = file;
    this.sizeBefore = size;
    this.newest = newest;
    this.pageSize = newest.pageSize();
    this.number = newest.transaction() + 1;
    this.lastPage = newest.lastPage();
    this.meta = buffers.allocate(Meta.LENGTH, Long.BYTES);
    if (file.read(meta, newest.at()) < Meta.LENGTH || !newest.isIn(meta)) {
      throw new CorruptFileException(DataFile.CUT_SHORT);
    }
    this.freeTree = new MutableTree(this, meta.asSlice(Meta.FREE_PAGES, Meta.TREE), true);
    this.entries = new MutableTree(this, meta.asSlice(Meta.ENTRIES, Meta.TREE), false);
    this.free = new FreePages(this, freeTree);
  }

  MutableTree entries() {
    return entries;
  }

  long number() {
    return number;
  }

  @Override
  public int size() {
    return pageSize;
  }

  @Override
  public Page page(long page, int depth) throws CorruptFileException {
    if (isMine(page)) {
      return new Page(change(page), pageSize, page);
    }
    MemorySegment bytes = unchanged.get(page);
    if (bytes == null) {
      if (unchanged.size() == MOST_READ) {
        unchanged.clear();
      }
      bytes = copy(page, pageSize);
      unchanged.put(page, bytes);
    }
    return Page.at(bytes, pageSize, page);
  }

  @Override
  public MemorySegment run(long page, long length) throws CorruptFileException {
    MemorySegment run = changed.get(page);
    return run != null ? run : copy(page, length);
  }

  /** What the file has, on the heap. */
  private MemorySegment copy(long page, long length) throws CorruptFileException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = read(page, length, arena);
      return MemorySegment.ofArray(bytes.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private boolean isMine(long page) {
    return page >= 0 && page <= Integer.MAX_VALUE && mine.get((int) page);
  }

  private MemorySegment read(long page, long length, Arena arena) throws CorruptFileException {
    try {
      if (page < 0 || page > lastPage || length > (lastPage + 1 - page) * pageSize) {
        throw new CorruptFileException(page, "is beyond the last page");
      }
      MemorySegment bytes = arena.allocate(length, Long.BYTES);
      if (file.read(bytes, page * pageSize) < length) {
        throw new CorruptFileException(DataFile.CUT_SHORT);
      }
      return bytes;
    } catch (SystemCallException e) {
      throw new CorruptFileException(page, "cannot be read: " + e.getMessage());
    }
  }

  /** The bytes of a page or of pages one after the other that this transaction has made. */
  MemorySegment change(long page) throws CorruptFileException {
    MemorySegment bytes = changed.get(page);
    if (bytes == null) {
      bytes = read(page, pageSize, memory);
      changed.put(page, bytes);
      changedBytes += pageSize;
    }
    return bytes;
  }

  /** Whether this transaction has made a page. */
  boolean hasMade(long page) {
    return isMine(page);
  }

  /** Takes pages one after the other, of zeros. */
  long make(int count) throws CorruptFileException {
    long first = free.take(count);
    if (first < 0) {
      first = lastPage + 1;
      lastPage += count;
    }
    if (lastPage > Integer.MAX_VALUE) {
      throw new CorruptFileException("the file would have more than 2,147,483,647 pages");
    }
    mine.set((int) first, (int) first + count);
    long length = (long) count * pageSize;
    changed.put(first, memory.allocate(length, Long.BYTES));
    changedBytes += length;
    return first;
  }

  /** Has no need of pages any more. */
  void drop(long page, long count) {
    boolean made = isMine(page);
    if (made) {
      MemorySegment bytes = changed.remove(page);
      changedBytes -= bytes == null ? 0 : bytes.byteSize();
    }
    for (long i = 0; i < count; i++) {
      if (made) {
        mine.clear((int) (page + i));
        free.giveBack(page + i);
      } else {
        free.leave(page + i);
      }
    }
  }

  /** To be called between two changes: what is made of memory goes to the file when it is much. */
  @SuppressWarnings("MustBeClosedChecker") // closed with the transaction
  void makeRoom() throws SystemCallException {
    if (changedBytes > MOST_CHANGED) {
      write(this::writeChanged);
      memory.close();
      memory = Arena.ofConfined();
    }
  }

  /** What writes pages that no meta page refers to yet. */
  private interface Writing {
    void run() throws SystemCallException;
  }

  /** Gives back what the file has grown by when there is no room for all of it. */
  private void write(Writing writing) throws SystemCallException {
    try {
      writing.run();
    } catch (SystemCallException e) {
      try {
        if (e.isForWantOfRoom() && isUnchanged() && file.size() > sizeBefore) {
          file.truncate(sizeBefore);
        }
      } catch (SystemCallException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private void writeChanged() throws SystemCallException {
    for (Map.Entry<Long, MemorySegment> each : new TreeMap<>(changed).entrySet()) {
      file.write(each.getValue(), each.getKey() * pageSize);
    }
    changed.clear();
    changedBytes = 0;
  }

  /**
   * Writes all of it. It is on disk when this returns.
   *
   * @return the meta page that it has written
   */
  Meta commit() throws SystemCallException, CorruptFileException {
    free.store();
    Map<Long, MemorySegment> last = Map.copyOf(changed);
    write(() -> {
      writeChanged();
      file.sync();
    });
    checkUnchanged(last);
    entries.write();
    freeTree.write();
    meta.set(JAVA_LONG_UNALIGNED, Meta.LAST_PAGE, lastPage);
    meta.set(JAVA_LONG_UNALIGNED, Meta.TRANSACTION, number);
    long map = Math.max(pageSize, meta.get(JAVA_LONG_UNALIGNED, MAP_SIZE));
    while (map < (lastPage + 1) * pageSize) {
      map = Math.multiplyExact(map, 2L);
    }
    meta.set(JAVA_LONG_UNALIGNED, MAP_SIZE, map);
    file.write(meta.asSlice(MAP_SIZE), metaAt() + MAP_SIZE);
    file.sync();
    return Meta.of(meta, metaAt(), pageSize);
  }

  private long metaAt() {
    return (number & 1) * pageSize;
  }

  /**
   * Puts the meta page that {@link #commit} has written where it is in the file.
   *
   * @param start of the file
   */
  void putMeta(MemorySegment start) {
    start.asSlice(metaAt() + MAP_SIZE).copyFrom(meta.asSlice(MAP_SIZE));
  }

  /**
   * Makes sure that what was written is still there: whoever copies another file over this one
   * takes no lock, and a meta page of this transaction would then refer to pages of that file.
   */
  private void checkUnchanged(Map<Long, MemorySegment> written)
      throws SystemCallException, CorruptFileException {
    if (!isUnchanged()) {
      throw new CorruptFileException(NOT_LOCKED);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(pageSize, Long.BYTES);
      for (Map.Entry<Long, MemorySegment> each : written.entrySet()) {
        if (file.read(page, each.getKey() * pageSize) < pageSize
            || page.mismatch(each.getValue().asSlice(0, pageSize)) >= 0) {
          throw new CorruptFileException(NOT_LOCKED);
        }
      }
    }
  }

  private boolean isUnchanged() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment now = arena.allocate(Meta.LENGTH, Long.BYTES);
      return file.read(now, newest.at()) == Meta.LENGTH && newest.isIn(now);
    }
  }

  /**
   * Writes what an empty table has, into an empty file. It stays empty when that fails: half a
   * table would be damaged.
   *
   * @param mapSize what LMDB is to reserve for the file at first, bytes
   */
  static void writeEmpty(StoredFile file, long mapSize) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pages = arena.allocate(2L * PAGE, Long.BYTES);
      for (int page = 0; page < 2; page++) {
        MemorySegment bytes = pages.asSlice((long) page * PAGE, PAGE);
        bytes.set(JAVA_LONG_UNALIGNED, 0, page);
        bytes.set(JAVA_SHORT_UNALIGNED, Page.FLAGS, (short) Page.META);
        bytes.set(JAVA_INT_UNALIGNED, Page.HEADER, Meta.MAGIC);
        bytes.set(JAVA_INT_UNALIGNED, Page.HEADER + 4L, Meta.VERSION);
        bytes.set(JAVA_LONG_UNALIGNED, MAP_SIZE, rounded(mapSize));
        bytes.set(JAVA_INT_UNALIGNED, Meta.FREE_PAGES, PAGE);
        bytes.set(JAVA_SHORT_UNALIGNED, Meta.FREE_PAGES + 4L, (short) Meta.NEW_FREE_FLAGS);
        bytes.set(JAVA_LONG_UNALIGNED, Meta.FREE_PAGES + (long) Meta.ROOT, Tree.EMPTY);
        bytes.set(JAVA_LONG_UNALIGNED, Meta.ENTRIES + (long) Meta.ROOT, Tree.EMPTY);
        bytes.set(JAVA_LONG_UNALIGNED, Meta.LAST_PAGE, 1);
      }
      file.write(pages, 0);
      file.sync();
    } catch (SystemCallException e) {
      file.truncate(0);
      throw e;
    }
  }

  private static long rounded(long size) {
    return Math.max(2, (size + PAGE - 1) / PAGE) * PAGE;
  }

  @Override
  public void close() {
    memory.close();
    buffers.close();
  }
}
