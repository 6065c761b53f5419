package org.postern.driver.berkeleydb;

/** Items too big for a page: their bytes are in a chain of pages of their own. */
final class Overflow {
  private Overflow() {}

  /**
   * The bytes of an item.
   *
   * @param first the chain's first page
   * @param length the item's length as stated where it is referred to, bytes
   */
  static byte[] read(Pages pages, long first, long length) throws CorruptFileException {
    if (length > pages.file().pages() * pages.file().pageSize()) {
      throw new CorruptFileException(first, "an item of " + length + " bytes is not in this file");
    }
    byte[] bytes = new byte[Math.toIntExact(length)];
    int done = 0;
    long number = first;
    while (done < bytes.length) {
      Page page = pages.page(number);
      page.check();
      int here = page.overflowLength();
      if (page.type() != Page.OVERFLOW
          || here == 0
          || here > bytes.length - done
          || Page.HEADER + here > pages.file().pageSize()) {
        throw page.corrupt("is not a page of the big item that begins at page " + first);
      }
      System.arraycopy(page.copy(Page.HEADER, here), 0, bytes, done, here);
      done += here;
      number = page.next();
    }
    return bytes;
  }
}
