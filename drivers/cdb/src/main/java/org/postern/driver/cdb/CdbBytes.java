package org.postern.driver.cdb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.postern.platform.libc.LockableFile;
import org.postern.platform.libc.SystemCallException;

/**
 * The bytes of a file, wherever they are. Not in a mapping: where somebody cuts a file short, that
 * has zeros, up to the end of a page, and none of the file's keys. Used by any thread.
 */
sealed interface CdbBytes extends AutoCloseable {
  ValueLayout.OfInt NUMBER = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** How many there were when the file was opened. */
  long size();

  /** Some of them, which are in the file. */
  MemorySegment slice(long at, long length) throws CorruptFileException;

  @Override
  void close();

  /** A number, unsigned. */
  default long number(long at) throws CorruptFileException {
    return slice(at, Integer.BYTES).get(NUMBER, 0) & 0xFFFF_FFFFL;
  }

  /** In native memory: what becomes of the file makes no difference. */
  record Copied(Arena arena, MemorySegment bytes) implements CdbBytes {
    @SuppressWarnings("MustBeClosedChecker") // what is returned owns the arena
    static Copied of(LockableFile file, long size) throws SystemCallException {
      Arena arena = Arena.ofShared();
      try {
        MemorySegment bytes = arena.allocate(Math.max(size, 1));
        return new Copied(arena, bytes.asSlice(0, file.read(bytes.asSlice(0, size), 0)));
      } catch (SystemCallException | RuntimeException | Error e) {
        arena.close();
        throw e;
      }
    }

    @Override
    public long size() {
      return bytes.byteSize();
    }

    @Override
    public long number(long at) {
      return bytes.get(NUMBER, at) & 0xFFFF_FFFFL;
    }

    @Override
    public MemorySegment slice(long at, long length) {
      return bytes.asSlice(at, length);
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /** In the file. */
  record OnDisk(LockableFile file, long size) implements CdbBytes {
    @Override
    public MemorySegment slice(long at, long length) throws CorruptFileException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment bytes = arena.allocate(length);
        if (file.read(bytes, at) < length) {
          throw new CorruptFileException(
              "the file was cut short while it was in use; replace it by renaming another");
        }
        return MemorySegment.ofArray(bytes.toArray(JAVA_BYTE));
      } catch (SystemCallException e) {
        throw new CorruptFileException("byte " + at + ": cannot be read: " + e.getMessage());
      }
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
