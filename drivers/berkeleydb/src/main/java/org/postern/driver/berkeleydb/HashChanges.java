package org.postern.driver.berkeleydb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Changes of a linear hash. A bucket that needs one more page for a new key makes the file grow by
 * one bucket, and so do more keys than the fill factor allows, where a file has one; the new
 * bucket's keys come from the one that they were in by one bit less of their hash. With the first
 * bucket of a group, the pages for all of the group are added to the file.
 *
 * <p>On each page the pairs are sorted by their keys; in a bucket's chain of pages they are not.
 */
final class HashChanges implements TableChanges {
  private static final int LAST_BUCKET = 72;
  private static final int HIGH_MASK = 76;
  private static final int LOW_MASK = 80;
  private static final int FILL_FACTOR = 84;
  private static final int KEYS = 88;
  private static final int SPARES = 96;

  private final WritablePages pages;
  private HashFile file;

  private HashChanges(WritablePages pages, HashFile file) {
    this.pages = pages;
    this.file = file;
  }

  static HashChanges of(WritablePages pages) throws CorruptFileException {
    HashFile file = HashFile.read(pages);
    Page first = pages.page(0);
    long last = first.u32(LAST_BUCKET);
    long highMask = (1L << HashFile.group(last)) - 1;
    if (first.u32(HIGH_MASK) != highMask || first.u32(LOW_MASK) != highMask >> 1) {
      throw first.corrupt("last bucket and masks don't fit together");
    }
    pages.checkNumber(file.pageOf(last));
    return new HashChanges(pages, file);
  }

  /** A page of a bucket with what is on it. */
  private record BucketPage(long number, List<HashPair> pairs) {
    int indexOf(byte[] key) {
      for (int i = 0; i < pairs.size(); i++) {
        if (Arrays.equals(pairs.get(i).key(), key)) {
          return i;
        }
      }
      return -1;
    }
  }

  private BucketPage bucketPage(Page page) throws CorruptFileException {
    return new BucketPage(page.number(), HashPair.of(pages, page));
  }

  private List<BucketPage> chain(long bucket) throws CorruptFileException {
    List<BucketPage> chain = new ArrayList<>();
    for (long number = file.pageOf(bucket); number != 0; ) {
      Page page = HashFile.bucketPage(pages, number);
      if (chain.size() == pages.file().pages()) {
        throw page.corrupt("is in a chain of pages without an end");
      }
      chain.add(bucketPage(page));
      number = page.next();
    }
    return chain;
  }

  @Override
  public void put(byte[] key, byte[] value) throws CorruptFileException {
    if (!add(key, value)) {
      replace(file.bucket(key, false), key, value);
    }
  }

  @Override
  public boolean add(byte[] key, byte[] value) throws CorruptFileException {
    long bucket = file.bucket(key, false);
    if (holds(bucket, key)) {
      return false;
    }
    boolean longer = add(bucket, HashPair.of(pages, key, value));
    long keys = count(1);
    long fill = pages.page(0).u32(FILL_FACTOR);
    if (longer || (fill != 0 && keys / (lastBucket() + 1) > fill)) {
      expand();
    }
    return true;
  }

  private boolean holds(long bucket, byte[] key) throws CorruptFileException {
    Page page = HashFile.bucketPage(pages, file.pageOf(bucket));
    for (long left = pages.file().pages(); left > 0; left--) {
      if (page.type() == Page.HASH
          ? HashPair.search(pages, page, key) >= 0
          : bucketPage(page).indexOf(key) >= 0) {
        return true;
      }
      if (page.next() == 0) {
        return false;
      }
      page = HashFile.bucketPage(pages, page.next());
    }
    throw page.corrupt("is in a chain of pages without an end");
  }

  private void replace(long bucket, byte[] key, byte[] value) throws CorruptFileException {
    for (BucketPage page : chain(bucket)) {
      int index = page.indexOf(key);
      if (index >= 0) {
        HashPair changed = page.pairs.remove(index).withValue(pages, value);
        write(page);
        if (add(bucket, changed)) {
          expand();
        }
        return;
      }
    }
  }

  /**
   * Puts a pair on the first page of a bucket with room for it, or on a new one.
   *
   * @return whether there is a new one
   */
  private boolean add(long bucket, HashPair pair) throws CorruptFileException {
    long number = file.pageOf(bucket);
    for (long left = pages.file().pages(); left > 0; left--) {
      Page page = HashFile.bucketPage(pages, number);
      if (isAdded(page, pair)) {
        return false;
      }
      if (page.next() == 0) {
        write(append(number, pair));
        return true;
      }
      number = page.next();
    }
    throw new CorruptFileException(number, "is in a chain of pages without an end");
  }

  private boolean isAdded(Page page, HashPair pair) throws CorruptFileException {
    if (page.type() == Page.HASH) {
      return pair.insert(pages, page.number());
    }
    BucketPage sorted = bucketPage(page);
    sorted.pairs.add(pair);
    if (!HashPair.fit(pages.file(), sorted.pairs)) {
      return false;
    }
    write(sorted);
    return true;
  }

  /** A new page after another one, with one pair. */
  private BucketPage append(long last, HashPair pair) throws CorruptFileException {
    Page added = pages.allocate(Page.HASH, 0);
    pages.writable(last).putNext(added.number());
    added.putPrevious(last);
    return new BucketPage(added.number(), new ArrayList<>(List.of(pair)));
  }

  private void write(BucketPage page) throws CorruptFileException {
    Page written = pages.writable(page.number);
    if (written.type() == Page.INVALID) {
      start(written);
    }
    page.pairs.sort(HashPair.ORDER);
    written.putU8(25, Page.HASH);
    written.putItems(HashPair.items(page.pairs));
  }

  /** Makes a page that was never written a page of a bucket. */
  private void start(Page page) throws CorruptFileException {
    page.put(0, pages.page(0).copy(0, 8), 0, 8);
    page.clear(Page.HASH, 0);
  }

  /** Changes the number of keys, which Berkeley DB takes for an estimate. */
  private long count(int change) throws CorruptFileException {
    Page first = pages.writable(0);
    long keys = Math.max(0, first.u32(KEYS) + change);
    first.putU32(KEYS, keys);
    return keys;
  }

  @Override
  public boolean remove(byte[] key) throws CorruptFileException {
    List<BucketPage> chain = chain(file.bucket(key, false));
    for (int i = 0; i < chain.size(); i++) {
      BucketPage page = chain.get(i);
      int index = page.indexOf(key);
      if (index >= 0) {
        page.pairs.remove(index).free(pages);
        write(page);
        if (page.pairs.isEmpty() && chain.size() > 1) {
          removeEmpty(chain, i);
        }
        count(-1);
        return true;
      }
    }
    return false;
  }

  /** Takes an empty page out of its chain; in place of the first one, its successor goes. */
  private void removeEmpty(List<BucketPage> chain, int index) throws CorruptFileException {
    int gone = Math.max(index, 1);
    if (index == 0) {
      chain.getFirst().pairs.addAll(chain.get(gone).pairs);
      write(chain.getFirst());
    }
    Page page = pages.page(chain.get(gone).number);
    long next = page.next();
    pages.writable(chain.get(gone - 1).number).putNext(next);
    if (next != 0) {
      pages.writable(next).putPrevious(chain.get(gone - 1).number);
    }
    pages.free(page.number());
  }

  private long lastBucket() throws CorruptFileException {
    return pages.page(0).u32(LAST_BUCKET);
  }

  /** Adds a bucket and gives it its keys. */
  private void expand() throws CorruptFileException {
    long added = lastBucket() + 1;
    int group = HashFile.group(added);
    if (group >= HashFile.SPARES) {
      return;
    }
    Page first = pages.writable(0);
    if (added > first.u32(HIGH_MASK)) {
      first.putU32(LOW_MASK, first.u32(HIGH_MASK));
      first.putU32(HIGH_MASK, first.u32(HIGH_MASK) | added);
      if (first.u32(SPARES + 4 * group) == 0) {
        first.putU32(SPARES + 4 * group, pages.lastPage() + 1 - added);
        pages.append(added, Page.HASH, 0);
      }
    }
    long split = added & first.u32(LOW_MASK);
    List<BucketPage> chain = chain(split);
    first.putU32(LAST_BUCKET, added);
    file = HashFile.read(pages);
    distribute(chain, split);
  }

  /** Puts the pairs of a bucket that was divided where they belong now. */
  private void distribute(List<BucketPage> chain, long split) throws CorruptFileException {
    for (BucketPage page : chain.subList(1, chain.size())) {
      pages.free(page.number);
    }
    List<HashPair> stay = new ArrayList<>();
    List<HashPair> move = new ArrayList<>();
    for (BucketPage page : chain) {
      for (HashPair pair : page.pairs) {
        (file.bucket(pair.key(), false) == split ? stay : move).add(pair);
      }
    }
    fill(file.pageOf(split), stay);
    fill(file.pageOf(lastBucket()), move);
  }

  private void fill(long number, List<HashPair> pairs) throws CorruptFileException {
    BucketPage page = new BucketPage(number, new ArrayList<>());
    start(pages.writable(number));
    for (HashPair pair : pairs) {
      page.pairs.add(pair);
      if (!HashPair.fit(pages.file(), page.pairs)) {
        page.pairs.removeLast();
        write(page);
        page = append(page.number, pair);
      }
    }
    write(page);
  }
}
