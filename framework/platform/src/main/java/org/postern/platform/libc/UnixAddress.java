package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/**
 * {@code struct sockaddr_un} in native memory.
 *
 * @param bytes the structure
 * @param size how much of it is used
 */
record UnixAddress(MemorySegment bytes, int size) {
  static final int AF_UNIX = 1;

  private static final int PATH_SIZE = 108;
  private static final long PATH_OFFSET = 2;

  /**
   * The address of a socket.
   *
   * @param socket its path, or a name in the abstract namespace, with {@code @} for the NUL that it
   *     begins with
   * @throws SocketException when it is too long for one
   */
  static UnixAddress of(Arena arena, String socket) throws SocketException {
    byte[] path = socket.getBytes(StandardCharsets.UTF_8);
    if (socket.startsWith("@")) {
      path[0] = 0;
    }
    if (path.length >= PATH_SIZE) {
      throw new SocketException("File name too long");
    }
    MemorySegment address = arena.allocate(PATH_OFFSET + PATH_SIZE, JAVA_SHORT.byteAlignment());
    address.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(path, 0, address, JAVA_BYTE, PATH_OFFSET, path.length);
    return new UnixAddress(address, (int) PATH_OFFSET + path.length);
  }
}
