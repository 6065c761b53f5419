package org.postern.platform.text;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.postern.platform.libc.LockableFile;
import org.postern.platform.libc.SystemCallException;

/** An open file from its beginning. It stays open when this is closed. */
final class FileInput extends InputStream {
  private static final int BUFFER = 1 << 16;

  private final LockableFile file;
  private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER);
  private long position;

  FileInput(LockableFile file) {
    this.file = file;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      int wanted = Math.min(length, BUFFER);
      int count = (int) file.read(buffer.asSlice(0, wanted), position);
      MemorySegment.copy(buffer, JAVA_BYTE, 0, into, offset, count);
      position += count;
      return count == 0 ? -1 : count;
    } catch (SystemCallException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
