package org.postern.driver.berkeleydb;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Changes of a btree. A page that becomes too full is split, one that becomes empty is given up;
 * the root stays where it is, and the tree grows and shrinks under it.
 *
 * <p>The first item of an inner page has an empty key: it stands for all that is less than the
 * second. Inner pages are not in chains, leaves of one tree are.
 */
final class BtreeChanges implements TableChanges {
  private static final byte[] NO_KEY = {};

  private final WritablePages pages;
  private final BtreeItems form;
  private final long root;

  private BtreeChanges(WritablePages pages, BtreeItems form, long root) {
    this.pages = pages;
    this.form = form;
    this.root = root;
  }

  static BtreeChanges of(WritablePages pages) throws CorruptFileException {
    return new BtreeChanges(pages, new BtreeItems(pages), BtreeFile.read(pages).root());
  }

  /** An inner page on the way to a leaf, and which of its children comes next. */
  private record Step(long page, int child) {}

  /**
   * Where a key is, or would be.
   *
   * @param way the inner pages above, the nearest one first
   * @param index of the key among the leaf's items
   */
  private record Place(Page leaf, Deque<Step> way, int index, boolean found) {}

  private Place place(byte[] key) throws CorruptFileException {
    Deque<Step> way = new ArrayDeque<>();
    Page page = BtreeFile.treePage(pages, root);
    while (page.type() == Page.BTREE_INTERNAL) {
      int child = BtreeFile.childIndex(pages, page, key, false, way.size());
      way.push(new Step(page.number(), child));
      page = BtreeFile.treePage(pages, page.u32(BtreeFile.childAt(page, child)));
    }
    int low = 0;
    int high = page.items() / 2;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int difference =
          BtreeFile.compare(pages, page, 2 * middle, BtreeFile.DATA_HEADER, key, false);
      if (difference == 0) {
        return new Place(page, way, 2 * middle, true);
      }
      if (difference < 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return new Place(page, way, 2 * low, false);
  }

  @Override
  public void put(byte[] key, byte[] value) throws CorruptFileException {
    Place place = place(key);
    if (place.found) {
      replace(place, value);
    } else {
      insert(place, key, value);
    }
  }

  @Override
  public boolean add(byte[] key, byte[] value) throws CorruptFileException {
    Place place = place(key);
    if (!place.found) {
      insert(place, key, value);
    }
    return !place.found;
  }

  private void replace(Place place, byte[] value) throws CorruptFileException {
    int index = place.index + 1;
    byte[] old = BtreeItems.of(place.leaf, index);
    form.freeLeaf(old);
    byte[] item = form.leaf(value);
    Page leaf = pages.writable(place.leaf.number());
    if (!leaf.replaceItem(index, old.length, item)) {
      List<byte[]> items = BtreeItems.of(leaf);
      items.set(index, item);
      store(leaf.number(), items, place.way);
    }
  }

  private void insert(Place place, byte[] key, byte[] value) throws CorruptFileException {
    byte[] keyItem = form.leaf(key);
    byte[] valueItem = form.leaf(value);
    Page leaf = pages.writable(place.leaf.number());
    if (!leaf.insertItems(place.index, keyItem, valueItem)) {
      List<byte[]> items = BtreeItems.of(leaf);
      items.addAll(place.index, List.of(keyItem, valueItem));
      store(leaf.number(), items, place.way);
    }
  }

  /** Puts items on a page, or on two. */
  private void store(long number, List<byte[]> items, Deque<Step> way) throws CorruptFileException {
    if (fits(items)) {
      pages.writable(number).putItems(items);
    } else if (way.isEmpty()) {
      splitRoot(items);
    } else {
      split(number, items, way);
    }
  }

  private boolean fits(List<byte[]> items) {
    return length(items) <= Page.room(pages.file(), items.size());
  }

  private static int length(List<byte[]> items) {
    return items.stream().mapToInt(item -> item.length).sum();
  }

  private void splitRoot(List<byte[]> items) throws CorruptFileException {
    Page page = pages.writable(root);
    int level = page.level();
    if (level >= BtreeFile.HIGHEST) {
      throw page.corrupt("the tree is too high");
    }
    Page left = pages.allocate(page.type(), level);
    Page right = pages.allocate(page.type(), level);
    if (page.type() == Page.BTREE_LEAF) {
      left.putNext(right.number());
      right.putPrevious(left.number());
    }
    byte[] second = divide(left, right, items);
    page.clear(Page.BTREE_INTERNAL, level + 1);
    page.putItems(List.of(form.internal(left.number(), NO_KEY), second));
  }

  private void split(long number, List<byte[]> items, Deque<Step> way) throws CorruptFileException {
    Page left = pages.writable(number);
    Page right = pages.allocate(left.type(), left.level());
    if (left.type() == Page.BTREE_LEAF) {
      right.putPrevious(number);
      right.putNext(left.next());
      if (left.next() != 0) {
        leaf(left.next()).putPrevious(right.number());
      }
      left.putNext(right.number());
    }
    byte[] added = divide(left, right, items);
    Step parent = way.pop();
    List<byte[]> siblings = BtreeItems.of(pages.page(parent.page));
    siblings.add(parent.child + 1, added);
    store(parent.page, siblings, way);
  }

  /** A neighbour of a leaf, to be written. */
  private Page leaf(long number) throws CorruptFileException {
    Page page = BtreeFile.treePage(pages, number);
    if (page.type() != Page.BTREE_LEAF) {
      throw page.corrupt("is in the chain of leaves, and is none");
    }
    return pages.writable(number);
  }

  /**
   * Puts items on two pages.
   *
   * @return what the parent has to have of the right one
   */
  private byte[] divide(Page left, Page right, List<byte[]> items) throws CorruptFileException {
    boolean leaf = left.type() == Page.BTREE_LEAF;
    int middle = middle(items, leaf ? 2 : 1, leaf && right.next() == 0);
    List<byte[]> lower = items.subList(0, middle);
    List<byte[]> upper = items.subList(middle, items.size());
    byte[] first = upper.getFirst();
    byte[] added;
    if (leaf) {
      byte[] last = form.key(lower.get(lower.size() - 2));
      added = form.internal(right.number(), shortest(last, form.key(first)));
    } else {
      added = form.withChild(first, right.number());
      upper.set(0, form.internal(form.child(first), NO_KEY));
    }
    if (!fits(lower) || !fits(upper)) {
      throw left.corrupt("has items that are too long for it");
    }
    left.putItems(lower);
    right.putItems(upper);
    return added;
  }

  /**
   * Where to divide: so that both pages have about the same, or, on the last page of a table that
   * grows at its end, only the last pair is not on the left one.
   */
  private int middle(List<byte[]> items, int step, boolean last) {
    int end = items.size() - step;
    if (last && fits(items.subList(0, end))) {
      return end;
    }
    int half = length(items) / 2;
    int middle = 0;
    int length = 0;
    while (middle < end && (length < half || middle == 0)) {
      int next = length(items.subList(middle, middle + step));
      if (middle > 0 && length + next - half > half - length) {
        break;
      }
      length += next;
      middle += step;
    }
    return middle;
  }

  /** The shortest key that is greater than the one and not greater than the other. */
  private static byte[] shortest(byte[] less, byte[] key) {
    int difference = Arrays.mismatch(less, key);
    return Arrays.copyOf(key, Math.min(key.length, Math.max(difference, 0) + 1));
  }

  @Override
  public boolean remove(byte[] key) throws CorruptFileException {
    Place place = place(key);
    if (!place.found) {
      return false;
    }
    List<byte[]> items = BtreeItems.of(place.leaf);
    form.freeLeaf(items.remove(place.index + 1));
    form.freeLeaf(items.remove(place.index));
    if (items.isEmpty() && !place.way.isEmpty()) {
      removeLeaf(place);
    } else {
      pages.writable(place.leaf.number()).putItems(items);
    }
    return true;
  }

  private void removeLeaf(Place place) throws CorruptFileException {
    long previous = place.leaf.previous();
    long next = place.leaf.next();
    if (previous != 0) {
      leaf(previous).putNext(next);
    }
    if (next != 0) {
      leaf(next).putPrevious(previous);
    }
    pages.free(place.leaf.number());
    removeChild(place.way);
  }

  /** Takes a page that was given up out of its parent. */
  private void removeChild(Deque<Step> way) throws CorruptFileException {
    Step parent = way.pop();
    List<byte[]> siblings = BtreeItems.of(pages.page(parent.page));
    form.freeInternal(siblings.remove(parent.child));
    if (siblings.isEmpty()) {
      if (way.isEmpty()) {
        pages.writable(root).clear(Page.BTREE_LEAF, 1);
      } else {
        pages.free(parent.page);
        removeChild(way);
      }
      return;
    }
    if (parent.child == 0) {
      byte[] first = siblings.getFirst();
      form.freeInternal(first);
      siblings.set(0, form.internal(form.child(first), NO_KEY));
    }
    pages.writable(parent.page).putItems(siblings);
    if (way.isEmpty()) {
      lower();
    }
  }

  /** Lets the root's only child take its place. */
  private void lower() throws CorruptFileException {
    Page page = pages.writable(root);
    while (page.type() == Page.BTREE_INTERNAL && page.items() == 1) {
      Page child = BtreeFile.treePage(pages, page.u32(BtreeFile.childAt(page, 0)));
      List<byte[]> items = BtreeItems.of(child);
      page.clear(child.type(), child.level());
      page.putItems(items);
      pages.free(child.number());
    }
  }
}
