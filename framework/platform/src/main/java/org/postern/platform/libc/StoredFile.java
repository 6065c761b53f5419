package org.postern.platform.libc;

import java.lang.foreign.MemorySegment;

/** An open file, as far as a change of a table needs it. */
public interface StoredFile extends AutoCloseable {

  /** The file's size now, in bytes. */
  long size() throws SystemCallException;

  /**
   * Reads into native memory.
   *
   * @param position where in the file to begin
   * @return how many bytes were read: fewer than there is room for at the end of the file only
   */
  long read(MemorySegment into, long position) throws SystemCallException;

  /**
   * Writes from native memory; makes the file longer where it ends before.
   *
   * @param position where in the file to begin
   */
  void write(MemorySegment from, long position) throws SystemCallException;

  /**
   * Has the file system keep room, so that a write there does not fail for want of it. Does nothing
   * where the file system cannot do that.
   */
  void reserve(long position, long size) throws SystemCallException;

  /** How many bytes its file system has left for this user, whose quota may allow for less. */
  long room() throws SystemCallException;

  /** Cuts the file to this size, or fills it up with zeros. */
  void truncate(long size) throws SystemCallException;

  /** Waits until what was written is on disk, by fdatasync(2). */
  void sync() throws SystemCallException;

  @Override
  void close();
}
