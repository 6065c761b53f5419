package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postern.testkit.Bytes;

/**
 * Checks a whole file: that each page is in use once or free, that keys are in order and where they
 * are looked for, that chains hold together both ways. What db_verify(1) checks, for machines
 * without it.
 */
final class Structure implements Pages {
  private final FileHeader file;
  private final MemorySegment bytes;
  private final Map<Long, String> used = new HashMap<>();
  private final Map<Long, Integer> references = new HashMap<>();
  private final Map<String, String> pairs = new TreeMap<>();
  private long previousLeaf;

  private Structure(String maptype, byte[] content) throws CorruptFileException {
    this.bytes = MemorySegment.ofArray(content);
    this.file = FileHeader.read(maptype, bytes, content.length);
  }

  /**
   * Checks a file.
   *
   * @return its pairs, with the NULs they end in, one character for each byte
   */
  static Map<String, String> check(String maptype, byte[] content) throws CorruptFileException {
    Structure structure = new Structure(maptype, content);
    Page first = structure.page(0);
    structure.use(0, "first");
    assertThat(first.u32(32)).as("last page").isEqualTo(structure.file.pages() - 1);
    assertThat(content.length % structure.file.pageSize()).isZero();
    if (maptype.equals("hash")) {
      structure.hash(first);
    } else {
      structure.tree(first.u32(88), null, null, -1);
      if (structure.previousLeaf != 0) {
        assertThat(structure.page(structure.previousLeaf).next()).isZero();
      }
    }
    structure.references.forEach((page, count) ->
        assertThat(structure.count(page)).as("references of %d", page).isEqualTo(count));
    for (long free = first.u32(28); free != 0; free = structure.page(free).next()) {
      structure.use(free, "free");
      assertThat(structure.page(free).type()).as("type of free %d", free).isEqualTo(Page.INVALID);
    }
    for (long page = 0; page < structure.file.pages(); page++) {
      assertThat(structure.used).as("pages in use or free").containsKey(page);
    }
    return structure.pairs;
  }

  private int count(long page) {
    try {
      return page(page).references();
    } catch (CorruptFileException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public FileHeader file() {
    return file;
  }

  @Override
  public Page page(long number) throws CorruptFileException {
    checkNumber(number);
    return new Page(file, bytes, number * file.pageSize(), number);
  }

  private void use(long page, String as) {
    assertThat(used.put(page, as)).as("page %d is used as %s, and as", page, as).isNull();
  }

  private void pair(byte[] key, byte[] value) {
    assertThat(pairs.put(Bytes.text(key), Bytes.text(value))).isNull();
  }

  private byte[] big(long first, long length) throws CorruptFileException {
    if (references.merge(first, 1, Integer::sum) == 1) {
      long previous = 0;
      for (long number = first; number != 0; number = page(number).next()) {
        use(number, "big item");
        assertThat(page(number).previous()).isEqualTo(previous);
        previous = number;
      }
    }
    return Overflow.read(this, first, length);
  }

  private void compact(Page page, int indexLength, int itemLength) {
    assertThat(page.u16(22)).as("lowest item").isEqualTo((file.pageSize() - itemLength) & 0xFFFF);
    assertThat(indexLength + itemLength).isLessThanOrEqualTo(file.pageSize());
  }

  // btree

  private void tree(long number, byte @Nullable [] least, byte @Nullable [] below, int level)
      throws CorruptFileException {
    Page page = page(number);
    page.check();
    use(number, "tree");
    if (level >= 0) {
      assertThat(page.level()).isEqualTo(level);
      assertThat(page.items()).as("items of %d", number).isPositive();
    }
    if (page.type() == Page.BTREE_LEAF) {
      leaf(page, least, below);
      return;
    }
    assertThat(page.type()).isEqualTo(Page.BTREE_INTERNAL);
    byte[][] keys = new byte[page.items() + 1][];
    int length = 0;
    for (int i = 0; i < page.items(); i++) {
      int item = page.item(i, 12);
      length += (12 + page.u16(item) + 3) & ~3;
      keys[i] =
          page.u8(item + 2) == 3
              ? big(page.u32(item + 16), page.u32(item + 20))
              : page.copy(item + 12, page.u16(item));
    }
    compact(page, 26 + 2 * page.items(), length);
    for (int i = 0; i < page.items(); i++) {
      byte[] from = i == 0 ? least : keys[i];
      byte[] to = i + 1 == page.items() ? below : keys[i + 1];
      ordered(from, true, to);
      tree(page.u32(page.item(i, 12) + 4), from, to, page.level() - 1);
    }
  }

  private static void ordered(byte @Nullable [] less, boolean orEqual, byte @Nullable [] key) {
    if (less != null && key != null) {
      assertThat(Arrays.compareUnsigned(less, key)).isLessThan(orEqual ? 1 : 0);
    }
  }

  private void leaf(Page page, byte @Nullable [] least, byte @Nullable [] below)
      throws CorruptFileException {
    assertThat(page.level()).isEqualTo(1);
    assertThat(page.previous()).isEqualTo(previousLeaf);
    if (previousLeaf != 0) {
      assertThat(page(previousLeaf).next()).isEqualTo(page.number());
    }
    previousLeaf = page.number();
    byte[] previous = least;
    int length = 0;
    for (int i = 0; i < page.items(); i += 2) {
      byte[] key = leafItem(page, i);
      ordered(previous, i == 0, key);
      ordered(key, false, below);
      pair(key, leafItem(page, i + 1));
      previous = key;
      length += leafLength(page, i) + leafLength(page, i + 1);
    }
    compact(page, 26 + 2 * page.items(), length);
  }

  private static int leafLength(Page page, int index) throws CorruptFileException {
    int item = page.item(index, 3);
    return page.u8(item + 2) == 3 ? 12 : (3 + page.u16(item) + 3) & ~3;
  }

  private byte[] leafItem(Page page, int index) throws CorruptFileException {
    int item = page.item(index, 3);
    return page.u8(item + 2) == 3
        ? big(page.u32(item + 4), page.u32(item + 8))
        : page.copy(item + 3, page.u16(item));
  }

  // hash

  private void hash(Page first) throws CorruptFileException {
    HashFile hash = HashFile.read(this);
    long last = first.u32(72);
    for (long bucket = 0; bucket <= Math.max(last, first.u32(76)); bucket++) {
      long previous = 0;
      for (long number = hash.pageOf(bucket); number != 0; number = page(number).next()) {
        use(number, "bucket " + bucket);
        Page page = HashFile.bucketPage(this, number);
        assertThat(page.previous()).isEqualTo(previous);
        previous = number;
        assertThat(bucket > last && page.items() > 0).as("keys in a bucket to come").isFalse();
        if (page.type() != Page.INVALID) {
          bucketPage(hash, bucket, page);
        }
      }
    }
  }

  private void bucketPage(HashFile hash, long bucket, Page page) throws CorruptFileException {
    String previous = "";
    int length = 0;
    for (int i = 0; i < page.items(); i += 2) {
      byte[] key = hashItem(page, i);
      // On a page, a big key ends before all other bytes, and any other one after them.
      String sorted = Bytes.text(key) + (HashFile.item(page, i).type() == 3 ? "" : "\uffff");
      assertThat(previous).isLessThan(sorted);
      assertThat(hash.bucket(key, false)).isEqualTo(bucket);
      pair(key, hashItem(page, i + 1));
      previous = sorted;
      length += HashFile.item(page, i).length() + HashFile.item(page, i + 1).length();
    }
    compact(page, 26 + 2 * page.items(), length);
  }

  private byte[] hashItem(Page page, int index) throws CorruptFileException {
    HashFile.Item item = HashFile.item(page, index);
    return item.type() == 3
        ? big(page.u32(item.offset() + 4), page.u32(item.offset() + 8))
        : page.copy(item.offset() + 1, item.length() - 1);
  }
}
