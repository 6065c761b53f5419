package org.postern.driver.lmdb;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.LockableFile;
import org.postern.platform.libc.SystemCallException;

/**
 * Makes sure of all that the LMDB library takes for granted in a file that it is to change. It
 * would end the process, or spoil its memory, where a page does not hold what LMDB would have
 * written. Used for a file that nobody writes meanwhile, once.
 */
final class FileCheck {
  private static final int KINDS = 0xFF;
  private static final int FREE_PAGES_KIND = 8;
  private static final int LONGEST_KEY = 511;
  private static final int META_PAGES = 2;

  /** Pages at the end that a transaction has taken and given back need not be in the file. */
  private static final long UNWRITTEN = 4096;

  /** Where {@link Pages#page} may keep the first page of a value. */
  private static final int OVERFLOW = Tree.HIGHEST;

  private final Pages pages;
  private final Meta meta;
  private final long fileSize;
  private final BitSet used = new BitSet();
  private byte @Nullable [] last;
  private int free;

  private FileCheck(Pages pages, Meta meta, long fileSize) {
    this.pages = pages;
    this.meta = meta;
    this.fileSize = fileSize;
  }

  /**
   * Checks a file.
   *
   * @return its newer meta page
   * @throws CorruptFileException for the first thing that is wrong
   */
  static Meta check(LockableFile file) throws SystemCallException, CorruptFileException {
    return checked(file).meta;
  }

  /**
   * Checks a file, and that each page is in a tree or in the list of free pages.
   *
   * @return how many pages are in use
   */
  static int pages(LockableFile file) throws SystemCallException, CorruptFileException {
    FileCheck check = checked(file);
    int missing = check.used.nextClearBit(0);
    if (missing <= check.meta.lastPage()) {
      throw new CorruptFileException(missing, "is lost");
    }
    return check.used.cardinality() - check.free;
  }

  private static FileCheck checked(LockableFile file)
      throws SystemCallException, CorruptFileException {
    PageBuffers buffers = PageBuffers.ofThisThread();
    Meta meta = Meta.newest(buffers.start().asSlice(0, file.read(buffers.start(), 0)));
    FileCheck check =
        new FileCheck(new FilePages(file, meta.pageSize(), buffers), meta, file.size());
    try {
      check.metaPage();
      check.tree(meta.root(), meta.depth(), false);
      check.last = null;
      check.tree(meta.freeRoot(), meta.freeDepth(), true);
      check.freePages();
      return check;
    } catch (IndexOutOfBoundsException e) {
      throw new CorruptFileException("refers to bytes that it does not have");
    }
  }

  private void metaPage() throws CorruptFileException {
    long number = meta.at() / meta.pageSize();
    long pages = fileSize / meta.pageSize();
    if (meta.lastPage() < META_PAGES - 1 || meta.lastPage() > 2 * pages + UNWRITTEN) {
      throw new CorruptFileException(
          number, "says that page " + Long.toUnsignedString(meta.lastPage()) + " is the last one");
    }
    if (meta.transaction() != 0 && (meta.transaction() & 1) != number) {
      throw new CorruptFileException(number, "is of transaction " + meta.transaction());
    }
    if ((meta.flags() & KINDS) != 0 || (meta.freeFlags() & KINDS) != FREE_PAGES_KIND) {
      throw new CorruptFileException(
          number,
          "tables with flags " + meta.flags() + " and " + meta.freeFlags() + " are not Postfix's");
    }
    used.set(0, META_PAGES);
  }

  private void tree(long root, int depth, boolean free) throws CorruptFileException {
    if (root == Tree.EMPTY ? depth != 0 : depth < 1 || depth > Tree.HIGHEST / 2) {
      throw new CorruptFileException(root, "is the root of a tree of depth " + depth);
    }
    if (root != Tree.EMPTY) {
      page(root, depth, null, free);
    }
  }

  /**
   * Checks a page and all below it.
   *
   * @param least no key may be less than that
   */
  private void page(long number, int depth, byte @Nullable [] least, boolean free)
      throws CorruptFileException {
    Page page = Page.ofTree(pages, number, depth);
    use(number, 1);
    if (page.flags() != (depth == 1 ? Page.LEAF : Page.BRANCH)) {
      throw page.corrupt("is of type " + page.flags() + " at depth " + depth);
    }
    // A branch of free pages may have but one child.
    if (page.lower() % 2 != 0 || page.nodes() < (depth == 1 || free ? 1 : 2)) {
      throw page.corrupt("has only " + page.nodes() + " nodes");
    }
    nodesFill(page);
    for (int i = 0; i < page.nodes(); i++) {
      int node = page.node(i);
      byte[] key = page.key(node);
      if (depth == 1) {
        entry(page, node, key, i == 0 ? least : null, free);
      } else {
        separator(page, i, key, free);
        page(page.child(node), depth - 1, i == 0 ? least : key, free);
      }
    }
  }

  /** The nodes must lie one after the other from the upper mark to the end of the page. */
  private void nodesFill(Page page) throws CorruptFileException {
    int[] nodes = new int[page.nodes()];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = page.node(i);
    }
    Arrays.sort(nodes);
    long at = page.upper();
    for (int node : nodes) {
      if (node != at) {
        throw page.corrupt("has a node at " + node + " instead of " + at);
      }
      long length = (long) Page.NODE + page.keyLength(node);
      if (page.isLeaf()) {
        length += page.nodeFlags(node) == Page.BIG ? Page.BIG_REFERENCE : page.valueLength(node);
      }
      at += length + (length & 1);
    }
    if (at != page.size()) {
      throw page.corrupt("has nodes up to " + at);
    }
  }

  private void separator(Page page, int index, byte[] key, boolean free)
      throws CorruptFileException {
    if (index > 0) {
      keyLength(page, key, free);
      inOrder(page, key, free);
    }
  }

  private void entry(Page page, int node, byte[] key, byte @Nullable [] least, boolean free)
      throws CorruptFileException {
    keyLength(page, key, free);
    inOrder(page, key, free);
    if (least != null && compare(key, least, free) < 0) {
      throw page.corrupt("has a key that belongs before the page");
    }
    last = key;
    switch (page.nodeFlags(node)) {
      case 0 -> {}
      case Page.BIG -> {
        Page first = pages.page(page.overflowAt(node), OVERFLOW);
        long needed = Page.overflowPages(page.valueLength(node), page.size());
        long count = first.u32(12); // LMDB leaves a shorter value where a longer one was
        if (first.flags() != Page.OVERFLOW || count < needed) {
          throw first.corrupt("has " + count + " overflow pages instead of " + needed);
        }
        if ((first.number() + count) * page.size() > fileSize) {
          throw first.corrupt("has overflow pages that are not in the file");
        }
        use(first.number(), count);
      }
      default -> throw page.corrupt("a value is a table of its own");
    }
  }

  private static void keyLength(Page page, byte[] key, boolean free) throws CorruptFileException {
    if (free ? key.length != Long.BYTES : key.length < 1 || key.length > LONGEST_KEY) {
      throw page.corrupt("has a key of " + key.length + " bytes");
    }
  }

  private void inOrder(Page page, byte[] key, boolean free) throws CorruptFileException {
    if (last != null && compare(last, key, free) >= 0) {
      throw page.corrupt("has keys that are not in order");
    }
  }

  private static int compare(byte[] one, byte[] other, boolean free) {
    return free
        ? Long.compareUnsigned(number(one), number(other))
        : Arrays.compareUnsigned(one, other);
  }

  private static long number(byte[] key) {
    return MemorySegment.ofArray(key).get(JAVA_LONG_UNALIGNED, 0);
  }

  private void use(long number, long pages) throws CorruptFileException {
    if (number < META_PAGES || number + pages > meta.lastPage() + 1) {
      throw new CorruptFileException(number, "is beyond the last page");
    }
    int from = Math.toIntExact(number);
    int to = Math.toIntExact(number + pages);
    int next = used.nextSetBit(from);
    if (next >= 0 && next < to) {
      throw new CorruptFileException(next, "is used twice");
    }
    used.set(from, to);
  }

  /** A record of free pages: how many, then their numbers, the largest first. */
  private void freePages() throws CorruptFileException {
    if (meta.freeRoot() != Tree.EMPTY) {
      freePages(meta.freeRoot(), 0);
    }
  }

  private void freePages(long number, int height) throws CorruptFileException {
    Page page = Page.ofTree(pages, number, height);
    for (int i = 0; i < page.nodes(); i++) {
      int node = page.node(i);
      if (page.isLeaf()) {
        freeRecord(page, node);
      } else {
        freePages(page.child(node), height + 1);
      }
    }
  }

  private void freeRecord(Page leaf, int node) throws CorruptFileException {
    MemorySegment record = leaf.value(node, pages);
    long numbers = record.byteSize() / Long.BYTES - 1;
    if (numbers < 0) {
      throw leaf.corrupt("has an empty list of free pages");
    }
    long count = record.get(JAVA_LONG_UNALIGNED, 0);
    if (count < 0 || count > numbers) {
      throw leaf.corrupt("has a list of free pages that is shorter than it says");
    }
    if (Long.compareUnsigned(number(leaf.key(node)), meta.transaction()) > 0) {
      throw leaf.corrupt("has pages that a transaction to come has freed");
    }
    long previous = Long.MAX_VALUE;
    for (int i = 1; i <= count; i++) {
      long page = record.get(JAVA_LONG_UNALIGNED, (long) i * Long.BYTES);
      if (page >= previous || page < META_PAGES) {
        throw leaf.corrupt("has a list of free pages that is not in order");
      }
      use(page, 1);
      free++;
      previous = page;
    }
  }
}
