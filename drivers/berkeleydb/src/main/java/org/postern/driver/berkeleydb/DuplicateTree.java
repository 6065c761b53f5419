package org.postern.driver.berkeleydb;

import java.util.ArrayList;
import java.util.List;

/**
 * The values of a key that has too many for its page: a tree of their own, in hash and btree files
 * alike. Its inner pages are those of a btree when the values are sorted, and numbered ones
 * otherwise, whose items are a child page (four bytes) and a count of values (four bytes).
 */
final class DuplicateTree {
  private static final int NUMBERED_ITEM = 8;

  private DuplicateTree() {}

  static byte[] first(Pages pages, long root) throws CorruptFileException {
    List<byte[]> values = values(pages, root, 1);
    if (values.isEmpty()) {
      throw new CorruptFileException(root, "is a tree of duplicates without any");
    }
    return values.getFirst();
  }

  static List<byte[]> all(Pages pages, long root) throws CorruptFileException {
    return values(pages, root, Integer.MAX_VALUE);
  }

  private static List<byte[]> values(Pages pages, long root, int most) throws CorruptFileException {
    List<byte[]> values = new ArrayList<>();
    Page page = leftmostLeaf(pages, root);
    for (long left = pages.file().pages(); ; left--) {
      for (int index = 0; index < page.items(); index++) {
        if (!BtreeFile.deleted(page, index)) {
          values.add(BtreeFile.value(pages, page, index));
          if (values.size() == most) {
            return values;
          }
        }
      }
      if (page.next() == 0) {
        return values;
      }
      if (left == 0) {
        throw page.corrupt("is in a chain of pages without an end");
      }
      page = leaf(pages.page(page.next()));
    }
  }

  private static Page leftmostLeaf(Pages pages, long root) throws CorruptFileException {
    Page page = pages.page(root);
    for (int height = 0; ; height++) {
      int child =
          switch (page.type()) {
            case Page.BTREE_INTERNAL -> BtreeFile.childAt(checked(page, height), 0);
            case Page.NUMBERED_INTERNAL -> checked(page, height).item(0, NUMBERED_ITEM);
            default -> -1;
          };
      if (child < 0) {
        return leaf(page);
      }
      page = pages.page(page.u32(child));
    }
  }

  private static Page checked(Page page, int height) throws CorruptFileException {
    page.check();
    if (height > BtreeFile.HIGHEST || page.items() == 0) {
      throw page.corrupt(
          height > BtreeFile.HIGHEST ? "the tree of duplicates is too high" : "has no children");
    }
    return page;
  }

  private static Page leaf(Page page) throws CorruptFileException {
    page.check();
    if (page.type() != Page.DUPLICATE_LEAF && page.type() != Page.NUMBERED_LEAF) {
      throw page.corrupt("is of type " + page.type() + ", not a page of duplicates");
    }
    return page;
  }
}
