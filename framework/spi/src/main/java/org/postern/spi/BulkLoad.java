package org.postern.spi;

/**
 * Many pairs that one writer puts into a table: how postmap(1) makes a table from a source file, or
 * adds to one. Used by one thread.
 */
@Since("1.1")
public interface BulkLoad extends AutoCloseable {

  /**
   * Stores a value. What becomes of a key that is in the table already is said by {@link
   * TableFlags#DUP_REPLACE}, {@link TableFlags#DUP_IGNORE} and {@link TableFlags#DUP_WARN}: its
   * value is replaced, or it stays, without a word or with a warning to {@link
   * TableOpening#logger()}. Without any of them it is an error.
   *
   * @param key the key's bytes, without a terminating NUL, checked and case-folded as the flags
   *     ask; not to be changed
   * @param value the value's bytes, without a terminating NUL; not to be changed
   * @param flags one of those three, and {@link TableFlags#TRY1NULL} or {@link TableFlags#TRY0NULL}
   *     for keys and values with a NUL after them in the file or without; the type's own custom
   *     without either
   * @throws TableUnavailableException when the pair cannot be stored; nothing but {@link #close}
   *     may follow
   */
  void put(byte[] key, byte[] value, int flags) throws TableUnavailableException;

  /**
   * Ends the load: all of it is on disk when this returns, and everybody sees it.
   *
   * @throws TableUnavailableException when that cannot be done
   */
  void commit() throws TableUnavailableException;

  /**
   * Gives up files, memory and locks. A table that was made anew and not committed is as it was
   * before; what was added to one may be there, up to some pair.
   */
  @Override
  void close();
}
