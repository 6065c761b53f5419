package org.postern.driver.lmdb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tree in a transaction: what is changed of it are copies of pages. A page has a key at least,
 * one above others has two children at least; those that become too empty are joined with a
 * neighbour.
 */
final class MutableTree {
  /** A page that is less full than that is joined with a neighbour: as LMDB does it. */
  private static final int LEAST_PART = 4;

  private static final byte[] NO_KEY = {};

  private final Transaction transaction;
  private final MemorySegment meta;
  private final boolean numbers;
  private final int longestNode;
  private int depth;
  private long branchPages;
  private long leafPages;
  private long overflowPages;
  private long entries;
  private long root;

  /** A page on the way to a key, and the node that leads on. */
  private static final class Step {
    private Page page;
    private int index;

    Step(Page page, int index) {
      this.page = page;
      this.index = index;
    }
  }

  /** A key and its value, copied. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Stored(byte[] key, byte[] value) {}

  /**
   * @param meta what the meta page says of the tree
   * @param numbers whether keys are numbers of eight bytes, not strings
   */
  MutableTree(Transaction transaction, MemorySegment meta, boolean numbers) {
    this.transaction = transaction;
    this.meta = meta;
    this.numbers = numbers;
    this.longestNode = (PageChange.capacity(transaction.size()) / 2 & -2) - 2;
    this.depth = Short.toUnsignedInt(meta.get(JAVA_SHORT_UNALIGNED, 6));
    this.branchPages = meta.get(JAVA_LONG_UNALIGNED, 8);
    this.leafPages = meta.get(JAVA_LONG_UNALIGNED, 16);
    this.overflowPages = meta.get(JAVA_LONG_UNALIGNED, 24);
    this.entries = meta.get(JAVA_LONG_UNALIGNED, 32);
    this.root = meta.get(JAVA_LONG_UNALIGNED, 40);
  }

  /** Tells the meta page what has become of the tree. */
  void write() {
    meta.set(JAVA_SHORT_UNALIGNED, 6, (short) depth);
    meta.set(JAVA_LONG_UNALIGNED, 8, branchPages);
    meta.set(JAVA_LONG_UNALIGNED, 16, leafPages);
    meta.set(JAVA_LONG_UNALIGNED, 24, overflowPages);
    meta.set(JAVA_LONG_UNALIGNED, 32, entries);
    meta.set(JAVA_LONG_UNALIGNED, 40, root);
  }

  /** A number as a key. */
  static byte[] number(long number) {
    byte[] key = new byte[Long.BYTES];
    MemorySegment.ofArray(key).set(JAVA_LONG_UNALIGNED, 0, number);
    return key;
  }

  static long number(byte[] key) {
    return MemorySegment.ofArray(key).get(JAVA_LONG_UNALIGNED, 0);
  }

  boolean contains(byte[] key) throws CorruptFileException {
    if (root == Tree.EMPTY) {
      return false;
    }
    List<Step> path = path(key);
    return holds(path.getLast(), key);
  }

  /** The memory of a value that this transaction has put. */
  MemorySegment value(byte[] key) throws CorruptFileException {
    Step leaf = path(key).getLast();
    if (!holds(leaf, key)) {
      throw new CorruptFileException(leaf.page.number(), "has lost a key");
    }
    return leaf.page.value(leaf.page.node(leaf.index), transaction);
  }

  /** The first entry whose key is greater; null for the first one of all. */
  @Nullable Stored after(byte @Nullable [] key) throws CorruptFileException {
    if (root == Tree.EMPTY) {
      return null;
    }
    List<Step> path = path(key == null ? NO_KEY : key);
    Step leaf = path.getLast();
    if (key != null && holds(leaf, key)) {
      leaf.index++;
    }
    while (leaf.index == leaf.page.nodes()) {
      path.removeLast();
      while (!path.isEmpty() && path.getLast().index + 1 == path.getLast().page.nodes()) {
        path.removeLast();
      }
      if (path.isEmpty()) {
        return null;
      }
      path.getLast().index++;
      while (!path.getLast().page.isLeaf()) {
        path.add(new Step(below(path.getLast()), 0));
      }
      leaf = path.getLast();
    }
    int node = leaf.page.node(leaf.index);
    return new Stored(leaf.page.key(node), leaf.page.value(node, transaction).toArray(JAVA_BYTE));
  }

  /** The way to where a key is or would be. */
  private List<Step> path(byte[] key) throws CorruptFileException {
    List<Step> path = new ArrayList<>();
    Page page = Page.ofTree(transaction, root, 0);
    while (!page.isLeaf()) {
      if (path.size() == Tree.HIGHEST) {
        throw page.corrupt("the tree is too high");
      }
      Step step = new Step(page, childIndex(page, key));
      path.add(step);
      page = below(step);
    }
    path.add(new Step(page, firstNotLess(page, key)));
    return path;
  }

  private Page below(Step step) throws CorruptFileException {
    return Page.ofTree(transaction, step.page.child(step.page.node(step.index)), 0);
  }

  private int compare(byte[] key, Page page, int index) throws CorruptFileException {
    int node = page.node(index);
    if (!numbers) {
      return page.compare(key, false, node);
    }
    return key.length < Long.BYTES ? -1 : Long.compareUnsigned(number(key), number(page.key(node)));
  }

  private boolean holds(Step leaf, byte[] key) throws CorruptFileException {
    return leaf.index < leaf.page.nodes() && compare(key, leaf.page, leaf.index) == 0;
  }

  private int childIndex(Page page, byte[] key) throws CorruptFileException {
    int low = 0;
    int high = page.nodes() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (compare(key, page, middle) >= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private int firstNotLess(Page leaf, byte[] key) throws CorruptFileException {
    int low = 0;
    int high = leaf.nodes();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(key, leaf, middle) > 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Makes sure that the pages of a path are this transaction's own. */
  private void makeOwn(List<Step> path) throws CorruptFileException {
    for (int i = 0; i < path.size(); i++) {
      Step step = path.get(i);
      if (!transaction.hasMade(step.page.number())) {
        step.page = copy(step.page);
        refer(path, i, step.page.number());
      }
    }
  }

  private Page copy(Page page) throws CorruptFileException {
    long number = transaction.make(1);
    MemorySegment bytes = transaction.change(number);
    bytes.copyFrom(page.bytes());
    bytes.set(JAVA_LONG_UNALIGNED, 0, number);
    transaction.drop(page.number(), 1);
    return new Page(bytes, transaction.size(), number);
  }

  /** Has what is above a page of a path refer to another one. */
  private void refer(List<Step> path, int i, long number) throws CorruptFileException {
    if (i == 0) {
      root = number;
    } else {
      Step above = path.get(i - 1);
      PageChange.setChild(above.page.bytes(), above.page.node(above.index), number);
    }
  }

  private Page newPage(int flags) throws CorruptFileException {
    long number = transaction.make(1);
    if (flags == Page.LEAF) {
      leafPages++;
    } else {
      branchPages++;
    }
    return PageChange.empty(transaction.change(number), transaction.size(), number, flags);
  }

  private void drop(Page page) {
    if (page.isLeaf()) {
      leafPages--;
    } else {
      branchPages--;
    }
    transaction.drop(page.number(), 1);
  }

  /** Stores a value, in place of the old one if there is one. */
  void put(byte[] key, byte[] value) throws CorruptFileException {
    List<Step> path = pathToStore(key);
    makeOwn(path);
    if (holds(path.getLast(), key)) {
      removeNode(path.getLast());
    }
    entries++;
    insert(path, path.size() - 1, leafNode(key, value));
  }

  /**
   * Stores a value, unless the key has one.
   *
   * @return false when it has
   */
  boolean add(byte[] key, byte[] value) throws CorruptFileException {
    List<Step> path = pathToStore(key);
    if (holds(path.getLast(), key)) {
      return false;
    }
    makeOwn(path);
    entries++;
    insert(path, path.size() - 1, leafNode(key, value));
    return true;
  }

  private List<Step> pathToStore(byte[] key) throws CorruptFileException {
    if (root == Tree.EMPTY) {
      root = newPage(Page.LEAF).number();
      depth = 1;
    }
    return path(key);
  }

  private byte[] leafNode(byte[] key, byte[] value) throws CorruptFileException {
    if (Page.NODE + key.length + value.length <= longestNode) {
      return PageChange.leafNode(key, value.length, value, 0);
    }
    int count = Math.toIntExact(Page.overflowPages(value.length, transaction.size()));
    long first = transaction.make(count);
    MemorySegment run = transaction.change(first);
    PageChange.empty(run, 0, first, Page.OVERFLOW);
    run.set(JAVA_INT_UNALIGNED, 12, count);
    MemorySegment.copy(value, 0, run, JAVA_BYTE, Page.HEADER, value.length);
    overflowPages += count;
    return PageChange.leafNode(key, value.length, number(first), Page.BIG);
  }

  private void removeNode(Step leaf) throws CorruptFileException {
    int node = leaf.page.node(leaf.index);
    dropValue(leaf.page, node);
    PageChange.remove(leaf.page, leaf.index);
    entries--;
  }

  private void dropValue(Page page, int node) throws CorruptFileException {
    if (page.nodeFlags(node) == Page.BIG) {
      long first = page.overflowAt(node);
      long count = new Page(transaction.run(first, Page.HEADER), transaction.size(), first).u32(12);
      transaction.drop(first, count);
      overflowPages -= count;
    }
  }

  /** Puts a node where a path leads; its page becomes two when there is no room. */
  private void insert(List<Step> path, int level, byte[] node) throws CorruptFileException {
    Step step = path.get(level);
    if (PageChange.needed(node) <= PageChange.room(step.page)) {
      PageChange.insert(step.page, step.index, node);
      return;
    }
    List<byte[]> nodes = nodes(step.page);
    nodes.add(step.index, node);
    boolean last = step.index == nodes.size() - 1 && isLast(path, level);
    divide(path, level, nodes, last && step.page.isLeaf() ? nodes.size() - 1 : half(nodes));
  }

  /** Whether a page is the last one of its level: keys often come in their order. */
  private static boolean isLast(List<Step> path, int level) {
    return path.subList(0, level).stream().allMatch(each -> each.index == each.page.nodes() - 1);
  }

  private static List<byte[]> nodes(Page page) throws CorruptFileException {
    List<byte[]> nodes = new ArrayList<>();
    for (int i = 0; i < page.nodes(); i++) {
      nodes.add(PageChange.node(page, i));
    }
    return nodes;
  }

  /** Where nodes have to be divided so that both parts have about as many bytes. */
  private static int half(List<byte[]> nodes) {
    int all = nodes.stream().mapToInt(PageChange::needed).sum();
    int best = 1;
    int least = Integer.MAX_VALUE;
    int before = 0;
    for (int i = 1; i < nodes.size(); i++) {
      before += PageChange.needed(nodes.get(i - 1));
      int larger = Math.max(before, all - before);
      if (larger < least) {
        least = larger;
        best = i;
      }
    }
    return best;
  }

  /** Makes two pages of the nodes of one. */
  private void divide(List<Step> path, int level, List<byte[]> nodes, int at)
      throws CorruptFileException {
    Page page = path.get(level).page;
    Page right = newPage(page.flags());
    PageChange.fill(page, nodes.subList(0, at));
    PageChange.fill(right, nodes.subList(at, nodes.size()));
    byte[] separator = PageChange.branchNode(PageChange.key(nodes.get(at)), right.number());
    if (level > 0) {
      path.get(level - 1).index++;
      insert(path, level - 1, separator);
      return;
    }
    Page above = newPage(Page.BRANCH);
    PageChange.insert(above, 0, PageChange.branchNode(NO_KEY, page.number()));
    PageChange.insert(above, 1, separator);
    root = above.number();
    depth++;
  }

  /** Removes a key; false when there is none. */
  boolean delete(byte[] key) throws CorruptFileException {
    if (root == Tree.EMPTY) {
      return false;
    }
    List<Step> path = path(key);
    if (!holds(path.getLast(), key)) {
      return false;
    }
    makeOwn(path);
    removeNode(path.getLast());
    balance(path, path.size() - 1);
    return true;
  }

  /** Joins a page that has become too empty with a neighbour. */
  private void balance(List<Step> path, int level) throws CorruptFileException {
    Page page = path.get(level).page;
    if (level == 0) {
      balanceRoot(page);
      return;
    }
    int least = page.isLeaf() ? 1 : 2;
    if (page.nodes() >= least
        && PageChange.used(page) >= PageChange.capacity(page.size()) / LEAST_PART) {
      return;
    }
    Step above = path.get(level - 1);
    if (page.nodes() == 0) {
      drop(page);
      PageChange.remove(above.page, above.index);
      balance(path, level - 1);
      return;
    }
    if (above.page.nodes() == 1) {
      return; // LMDB leaves such branches in the tree of free pages
    }
    int right = Math.max(1, above.index);
    above.index = above.index == 0 ? 1 : above.index - 1;
    Page other = below(above);
    List<byte[]> nodes = nodes(above.index < right ? other : page);
    nodes.addAll(withKey(above.page, right, above.index < right ? page : other));
    boolean one =
        nodes.stream().mapToInt(PageChange::needed).sum() <= PageChange.capacity(page.size());
    if (!one && page.nodes() >= least) {
      return; // the neighbour has no room, and it need not be
    }
    above.index = right - 1;
    Page leftPage = own(above);
    above.index = right;
    if (one) {
      drop(below(above));
      PageChange.remove(above.page, right);
      PageChange.fill(leftPage, nodes);
      balance(path, level - 1);
      return;
    }
    Page rightPage = own(above);
    int at = half(nodes);
    PageChange.fill(leftPage, nodes.subList(0, at));
    PageChange.fill(rightPage, nodes.subList(at, nodes.size()));
    PageChange.remove(above.page, right);
    insert(
        path, level - 1, PageChange.branchNode(PageChange.key(nodes.get(at)), rightPage.number()));
  }

  /** A child of a page that is this transaction's own, which the child is then, too. */
  private Page own(Step above) throws CorruptFileException {
    Page page = below(above);
    if (!transaction.hasMade(page.number())) {
      page = copy(page);
      PageChange.setChild(above.page.bytes(), above.page.node(above.index), page.number());
    }
    return page;
  }

  /** The nodes of a page; the first has the key that only the branch above needed until now. */
  private static List<byte[]> withKey(Page branch, int index, Page page)
      throws CorruptFileException {
    List<byte[]> nodes = nodes(page);
    if (!page.isLeaf()) {
      byte[] key = branch.key(branch.node(index));
      nodes.set(0, PageChange.branchNode(key, PageChange.child(nodes.getFirst())));
    }
    return nodes;
  }

  private void balanceRoot(Page page) throws CorruptFileException {
    if (page.nodes() == 0) {
      drop(page);
      root = Tree.EMPTY;
      depth = 0;
    } else if (!page.isLeaf() && page.nodes() == 1) {
      root = page.child(page.node(0));
      depth--;
      drop(page);
    }
  }

  /** Removes all. */
  void clear() throws CorruptFileException {
    if (root != Tree.EMPTY) {
      clear(Page.ofTree(transaction, root, 0), 0);
    }
    root = Tree.EMPTY;
    depth = 0;
    entries = 0;
  }

  private void clear(Page page, int height) throws CorruptFileException {
    if (height > Tree.HIGHEST) {
      throw page.corrupt("the tree is too high");
    }
    for (int i = 0; i < page.nodes(); i++) {
      int node = page.node(i);
      if (page.isLeaf()) {
        dropValue(page, node);
      } else {
        clear(Page.ofTree(transaction, page.child(node), 0), height + 1);
      }
    }
    drop(page);
  }
}
