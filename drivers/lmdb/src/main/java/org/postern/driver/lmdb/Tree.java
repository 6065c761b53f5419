package org.postern.driver.lmdb;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.TryBits;

/**
 * The entries as one transaction left them: a B+ tree, keys in the order of their unsigned bytes.
 *
 * @param pages of the file
 * @param meta says where the root is
 */
record Tree(Pages pages, Meta meta) implements TryBits.Search<CorruptFileException> {
  /** LMDB's own limit. */
  static final int HIGHEST = 32;

  static final long EMPTY = -1;

  /** Flags of a table in which a key can have several values, and of other orders of keys. */
  private static final int KINDS = 0x7F;

  /**
   * An entry as it is in the file.
   *
   * @param key with its NUL, if it has one there
   * @param value up to its first NUL
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Stored(byte[] key, byte[] value) {}

  @Override
  public byte @Nullable [] find(byte[] key, boolean nul) throws CorruptFileException {
    if (meta.root() == EMPTY) {
      return null;
    }
    Page leaf = leaf(key, nul);
    int index = firstNotLess(leaf, key, nul);
    if (index == leaf.nodes()) {
      return null;
    }
    int node = leaf.node(index);
    return leaf.compare(key, nul, node) == 0 ? leaf.string(node, pages) : null;
  }

  /**
   * The next entry of a walk.
   *
   * @param key as it is in the file, there or not; null for the first entry
   */
  @Nullable Stored after(byte @Nullable [] key) throws CorruptFileException {
    if (meta.root() == EMPTY) {
      return null;
    }
    Stored stored = after(root(), key, 0);
    if (stored != null && key != null && Arrays.compareUnsigned(stored.key(), key) <= 0) {
      throw new CorruptFileException("keys are not in order");
    }
    return stored;
  }

  private @Nullable Stored after(Page page, byte @Nullable [] key, int height)
      throws CorruptFileException {
    if (page.isLeaf()) {
      return afterOnLeaf(page, key);
    }
    if (height == HIGHEST) {
      throw page.corrupt("the tree is too high");
    }
    int index = key == null ? 0 : childIndex(page, key, false);
    Stored stored = after(below(page, index, height), key, height + 1);
    // All of that child may be before the key, but then nothing of its neighbour is.
    if (stored == null && index + 1 < page.nodes()) {
      stored = after(below(page, index + 1, height), null, height + 1);
    }
    return stored;
  }

  private @Nullable Stored afterOnLeaf(Page leaf, byte @Nullable [] key)
      throws CorruptFileException {
    if (leaf.nodes() == 0) {
      throw leaf.corrupt("has no entries");
    }
    int index = key == null ? 0 : firstNotLess(leaf, key, false);
    if (key != null && index < leaf.nodes() && leaf.compare(key, false, leaf.node(index)) == 0) {
      index++;
    }
    if (index == leaf.nodes()) {
      return null;
    }
    int node = leaf.node(index);
    return new Stored(leaf.key(node), leaf.string(node, pages));
  }

  private Page leaf(byte[] key, boolean nul) throws CorruptFileException {
    Page page = root();
    for (int height = 0; !page.isLeaf(); height++) {
      if (height == HIGHEST) {
        throw page.corrupt("the tree is too high");
      }
      page = below(page, childIndex(page, key, nul), height);
    }
    return page;
  }

  private Page root() throws CorruptFileException {
    if ((meta.flags() & KINDS) != 0) {
      throw new CorruptFileException(
          "a table with flags " + meta.flags() + " is not one of Postfix's");
    }
    return Page.ofTree(pages, meta.root(), 0);
  }

  /**
   * A child of a page.
   *
   * @param height of the page
   */
  private Page below(Page page, int index, int height) throws CorruptFileException {
    return Page.ofTree(pages, page.child(page.node(index)), height + 1);
  }

  /** The child that a key is in: the last whose key is not greater; the first has none. */
  private static int childIndex(Page page, byte[] key, boolean nul) throws CorruptFileException {
    int low = 0;
    int high = page.nodes() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (page.compare(key, nul, page.node(middle)) >= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private static int firstNotLess(Page leaf, byte[] key, boolean nul) throws CorruptFileException {
    int low = 0;
    int high = leaf.nodes();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (leaf.compare(key, nul, leaf.node(middle)) > 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
