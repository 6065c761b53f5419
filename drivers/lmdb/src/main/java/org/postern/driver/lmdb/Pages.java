package org.postern.driver.lmdb;

import java.lang.foreign.MemorySegment;

/** The pages of a file, wherever they are kept. Used by one thread at a time. */
interface Pages {

  /** The size of each, bytes. */
  int size();

  /**
   * A page.
   *
   * @param depth how far below the root of its tree: another page that is asked for at the same
   *     depth may take its place in memory
   * @throws CorruptFileException when it is not in the file, or is not where it says it is
   */
  Page page(long number, int depth) throws CorruptFileException;

  /**
   * Pages one after the other, of which only the first has a header; another call may take their
   * place in memory.
   *
   * @param length bytes, header and all
   */
  MemorySegment run(long number, long length) throws CorruptFileException;
}
