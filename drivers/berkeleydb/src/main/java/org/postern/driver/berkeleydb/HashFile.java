package org.postern.driver.berkeleydb;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.Keys;
import org.postern.platform.text.CStrings;
import org.postern.spi.Entry;

/**
 * A linear hash: each bucket is a chain of pages, on which keys and values alternate. The file
 * doubles in groups of buckets; {@code spares} says how many pages lie before the buckets of each
 * group.
 *
 * <pre>
 * first page, from offset 72: last bucket, high mask, low mask, fill factor, number of keys, the hash
 * of a certain string, then 32 spares; four bytes each
 * item: a type byte (1 data, 2 duplicates, 3 big item, 4 page of duplicates), then
 *   data: the bytes; duplicates: each with its length (two bytes) before and after it
 *   big item: at 4 its first page, at 8 its length
 *   page of duplicates: at 4 the page
 * </pre>
 */
final class HashFile implements AccessMethod {
  static final int DATA = 1;
  private static final int DUPLICATES = 2;
  static final int BIG = 3;
  private static final int DUPLICATE_PAGE = 4;

  static final int BIG_LENGTH = 12;
  static final int SPARES = 32;
  private static final byte[] PROBE = "%$sniglet^&\0".getBytes(US_ASCII);

  private final long lastBucket;
  private final long highMask;
  private final long lowMask;
  private final long[] spares;
  private final boolean oldHash;

  private HashFile(long lastBucket, long highMask, long lowMask, long[] spares, boolean oldHash) {
    this.lastBucket = lastBucket;
    this.highMask = highMask;
    this.lowMask = lowMask;
    this.spares = spares;
    this.oldHash = oldHash;
  }

  static HashFile read(Pages pages) throws CorruptFileException {
    Page first = pages.page(0);
    long[] spares = new long[SPARES];
    Arrays.setAll(spares, i -> first.u32(96 + 4 * i));
    long probe = first.u32(92);
    boolean oldHash = probe == Integer.toUnsignedLong(multiply33(PROBE));
    if (!oldHash && probe != Integer.toUnsignedLong(fowlerNollVo(PROBE, PROBE.length))) {
      throw first.corrupt("the file was written with another hash function than Berkeley DB's own");
    }
    HashFile hash = new HashFile(first.u32(72), first.u32(76), first.u32(80), spares, oldHash);
    if (hash.lastBucket > hash.highMask || hash.lowMask > hash.highMask) {
      throw first.corrupt("last bucket and masks don't fit together");
    }
    return hash;
  }

  /** Fills in the first page of a file whose buckets are the pages after it. */
  static void putEmpty(Page first, int buckets, int keys) {
    first.putU32(72, buckets - 1);
    first.putU32(76, buckets - 1);
    first.putU32(80, buckets / 2 - 1);
    first.putU32(88, keys);
    first.putU32(92, fowlerNollVo(PROBE, PROBE.length));
    for (int group = 0; group <= group(buckets - 1); group++) {
      first.putU32(96 + 4 * group, 1);
    }
  }

  @Override
  public byte @Nullable [] find(Pages pages, byte[] key, boolean nul) throws CorruptFileException {
    long bucket = bucket(key, nul);
    int wanted = Keys.length(key, nul);
    long left = pages.file().pages();
    for (long number = pageOf(bucket); number != 0; left--) {
      if (left == 0) {
        throw new CorruptFileException(number, "is in a chain of pages without an end");
      }
      Page page = bucketPage(pages, number);
      int items = page.items();
      int itemEnd = pages.file().pageSize();
      for (int i = 0; i + 1 < items; i += 2) {
        int offset = page.u16(Page.HEADER + 2 * i);
        int length = itemEnd - offset - 1;
        int type = length >= 0 ? page.u8(offset) : 0;
        if (type == DATA
            ? length == wanted
                && Keys.compare(key, nul, page.bytes(), page.base() + offset + 1, length) == 0
            : bigKeyEquals(pages, page, i, offset, length, type, key, nul)) {
          return value(pages, page, i + 1);
        }
        itemEnd = page.u16(Page.HEADER + 2 * i + 2);
        page.checkRange(i, itemEnd, 0);
      }
      number = page.next();
    }
    return null;
  }

  /** The bucket that a key is in. */
  long bucket(byte[] key, boolean nul) {
    int hash = oldHash ? multiply33(key, nul) : fowlerNollVo(key, nul);
    long bucket = hash & highMask;
    return bucket > lastBucket ? bucket & lowMask : bucket;
  }

  private static boolean bigKeyEquals(
      Pages pages, Page page, int item, int offset, int length, int type, byte[] key, boolean nul)
      throws CorruptFileException {
    if (type != BIG || length + 1 < BIG_LENGTH) {
      throw page.corrupt("item " + item + " is no key");
    }
    return page.u32(offset + 8) == Keys.length(key, nul)
        && Keys.compare(key, nul, Overflow.read(pages, page.u32(offset + 4), page.u32(offset + 8)))
            == 0;
  }

  /** A page of a bucket. One that was never written is empty. */
  static Page bucketPage(Pages pages, long number) throws CorruptFileException {
    Page page = pages.page(number);
    if (page.type() == Page.INVALID && page.u32(8) == 0 && page.items() == 0) {
      return page;
    }
    page.check();
    if (page.type() != Page.HASH && page.type() != Page.HASH_UNSORTED) {
      throw page.corrupt("is of type " + page.type() + ", not a page of a hash bucket");
    }
    if (page.items() % 2 != 0) {
      throw page.corrupt("has a key without a value");
    }
    return page;
  }

  /** The first page of a bucket. */
  long pageOf(long bucket) throws CorruptFileException {
    int group = group(bucket);
    if (group >= SPARES) {
      throw new CorruptFileException(0, "there is no bucket " + bucket);
    }
    return bucket + spares[group];
  }

  /** In which doubling of the file a bucket was added. */
  static int group(long bucket) {
    return Long.SIZE - Long.numberOfLeadingZeros(bucket);
  }

  /** The first value of an item, up to its first NUL. */
  private static byte[] value(Pages pages, Page page, int index) throws CorruptFileException {
    Item item = item(page, index);
    return switch (item.type) {
      case DATA -> page.string(item.offset + 1, item.length - 1);
      case DUPLICATES -> {
        int length = page.u16(item.offset + 1);
        page.checkRange(index, item.offset + 3, length);
        yield page.string(item.offset + 3, length);
      }
      case BIG -> CStrings.untilNul(big(pages, page, item));
      case DUPLICATE_PAGE -> DuplicateTree.first(pages, page.u32(item.offset + 4));
      default -> throw page.corrupt("item " + index + " is of unknown type " + item.type);
    };
  }

  private static byte[] big(Pages pages, Page page, Item item) throws CorruptFileException {
    return Overflow.read(pages, page.u32(item.offset + 4), page.u32(item.offset + 8));
  }

  static Item item(Page page, int index) throws CorruptFileException {
    int end = index == 0 ? page.file().pageSize() : page.u16(Page.HEADER + 2 * index - 2);
    int offset = page.item(index, 1);
    int length = end - offset;
    if (length < 1 || end > page.file().pageSize()) {
      throw page.corrupt("item " + index + " has no length");
    }
    int type = page.u8(offset);
    int least =
        switch (type) {
          case BIG -> BIG_LENGTH;
          case DUPLICATE_PAGE -> 8;
          case DUPLICATES -> 5;
          default -> 1;
        };
    if (length < least) {
      throw page.corrupt("item " + index + " is cut short");
    }
    return new Item(type, offset, length);
  }

  /** The bytes of an item with its type byte. */
  record Item(int type, int offset, int length) {}

  @Override
  public Walk walk() {
    return new HashWalk();
  }

  @Override
  public void forEach(Pages pages, KeyIndex.Pairs pairs) throws CorruptFileException {
    for (long bucket = 0; bucket <= lastBucket; bucket++) {
      long left = pages.file().pages();
      for (long number = pageOf(bucket); number != 0; left--) {
        Page page = bucketPage(pages, number);
        if (left == 0) {
          throw page.corrupt("is in a chain of pages without an end");
        }
        for (int index = 0; index + 1 < page.items(); index += 2) {
          Item key = item(page, index);
          Item value = item(page, index + 1);
          if (key.type == DATA) {
            int length = value.type == DATA ? value.length - 1 : -1;
            pairs.pair(page, key.offset + 1, key.length - 1, value.offset + 1, length);
          } else {
            pairs.bigKey();
          }
        }
        number = page.next();
      }
    }
  }

  /** Bucket by bucket, in each page by page, in the order of the items. */
  private final class HashWalk extends ChainWalk {
    private long bucket = -1;

    @Override
    long nextChain(Pages pages) throws CorruptFileException {
      return bucket == lastBucket ? NONE : pageOf(++bucket);
    }

    @Override
    Page page(Pages pages, long number) throws CorruptFileException {
      return bucketPage(pages, number);
    }

    @Override
    void read(Pages pages, Page page, int index, Queue<Entry> into) throws CorruptFileException {
      byte[] key = value(pages, page, index);
      Item item = item(page, index + 1);
      if (item.type == DUPLICATES) {
        int offset = item.offset + 1;
        while (offset + 4 <= item.offset + item.length) {
          int length = page.u16(offset);
          page.checkRange(index + 1, offset + 4, length);
          into.add(new Entry(key, page.string(offset + 2, length)));
          offset += length + 4;
        }
      } else if (item.type == DUPLICATE_PAGE) {
        for (byte[] value : DuplicateTree.all(pages, page.u32(item.offset + 4))) {
          into.add(new Entry(key, value));
        }
      } else {
        into.add(new Entry(key, value(pages, page, index + 1)));
      }
    }
  }

  /** The hash of Berkeley DB from version 3 on: Fowler, Noll and Vo's. */
  private static int fowlerNollVo(byte[] key, boolean nul) {
    int hash = fowlerNollVo(key, key.length);
    return nul ? hash * 16777619 : hash;
  }

  private static int fowlerNollVo(byte[] key, int length) {
    int hash = 0;
    for (int i = 0; i < length; i++) {
      hash = (hash * 16777619) ^ (key[i] & 0xFF);
    }
    return hash;
  }

  /** The hash of older files: times 33. */
  private static int multiply33(byte[] key, boolean nul) {
    int hash = multiply33(key);
    return nul ? hash * 33 : hash;
  }

  private static int multiply33(byte[] key) {
    int hash = 0;
    for (byte b : key) {
      hash = hash * 33 + (b & 0xFF);
    }
    return hash;
  }
}
