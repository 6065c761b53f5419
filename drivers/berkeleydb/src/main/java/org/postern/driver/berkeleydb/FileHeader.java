package org.postern.driver.berkeleydb;

import java.lang.foreign.MemorySegment;

/**
 * What the first page says of the whole file.
 *
 * <pre>
 * offset  bytes
 *      8      4  page number: 0
 *     12      4  magic: tells hash from btree, and the byte order
 *     16      4  version
 *     20      4  page size
 *     24      1  encryption
 *     25      1  page type
 *     26      1  flags: 1 for checksums
 *     28      4  first of the free pages, each of which has the number of the next one
 *     32      4  last page
 *     48      4  flags of the access method
 *     52     20  unique id of the file
 *     72         what only hash or only btree has
 * </pre>
 *
 * @param maptype hash or btree
 * @param pageSize bytes
 * @param pages how many whole pages the file has
 */
record FileHeader(String maptype, boolean bigEndian, int pageSize, long pages, int version) {
  /** Every page size has room for this much of the first page. */
  static final int SMALLEST_PAGE = 512;

  private static final int NEWEST_VERSION = 10;
  static final int LARGEST_PAGE = 65536;
  private static final int HASH_MAGIC = 0x061561;
  private static final int BTREE_MAGIC = 0x053162;
  private static final int HASH_SUBDATABASE = 0x02;
  private static final int BTREE_UNUSABLE = 0x02 | 0x20 | 0x80; // recno, subdatabases, compressed

  /**
   * Reads the first page.
   *
   * @param start at least {@link #SMALLEST_PAGE} bytes, where the file begins
   * @throws CorruptFileException when this is no file of this type, or one that cannot be read
   */
  static FileHeader read(String maptype, MemorySegment start, long fileSize)
      throws CorruptFileException {
    if (start.byteSize() < SMALLEST_PAGE) {
      throw new CorruptFileException(
          0, fileSize == 0 ? "the file is empty" : "the file ends in its first page");
    }
    long magic = magic(maptype);
    boolean bigEndian = asPage(maptype, start, false).u32(12) != magic;
    Page first = asPage(maptype, start, bigEndian);
    if (first.u32(12) != magic) {
      throw first.corrupt("not a Berkeley DB " + maptype + " file");
    }
    long pageSize = first.u32(20);
    if (pageSize < SMALLEST_PAGE || pageSize > LARGEST_PAGE || Long.bitCount(pageSize) != 1) {
      throw first.corrupt("bad page size " + pageSize);
    }
    int version = (int) Math.min(first.u32(16), Integer.MAX_VALUE);
    checkSupported(maptype, first, version);
    if (fileSize < pageSize) {
      throw first.corrupt("the file ends in its first page");
    }
    return new FileHeader(maptype, bigEndian, (int) pageSize, fileSize / pageSize, version);
  }

  int magic() {
    return magic(maptype);
  }

  private static int magic(String maptype) {
    return maptype.equals("hash") ? HASH_MAGIC : BTREE_MAGIC;
  }

  /** The same of a file that has become longer. */
  FileHeader withPages(long count) {
    return new FileHeader(maptype, bigEndian, pageSize, count, version);
  }

  private static void checkSupported(String maptype, Page first, int version)
      throws CorruptFileException {
    boolean hash = maptype.equals("hash");
    if (version < (hash ? 7 : 8) || version > NEWEST_VERSION) {
      throw first.corrupt(
          maptype + " version " + version + " is not supported; rebuild the file with postmap(1)");
    }
    if (first.u8(24) != 0) {
      throw first.corrupt("encrypted files are not supported");
    }
    if ((first.u8(26) & 1) != 0) {
      throw first.corrupt("files with checksums are not supported");
    }
    if ((first.u32(48) & (hash ? HASH_SUBDATABASE : BTREE_UNUSABLE)) != 0) {
      throw first.corrupt("the file holds another kind of database than Postfix makes");
    }
  }

  private static Page asPage(String maptype, MemorySegment start, boolean bigEndian) {
    return new Page(new FileHeader(maptype, bigEndian, SMALLEST_PAGE, 1, 0), start, 0, 0);
  }
}
