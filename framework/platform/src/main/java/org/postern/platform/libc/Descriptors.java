package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** File descriptors that this process was started with, by number. */
public final class Descriptors {
  private static final short POLLIN = 1;
  private static final int FOR_EVER = -1;

  /** {@code struct pollfd}. */
  private static final StructLayout POLLFD =
      MemoryLayout.structLayout(
          JAVA_INT.withName("fd"), JAVA_SHORT.withName("events"), JAVA_SHORT.withName("revents"));

  private static final long EVENTS = 4;

  /** {@code ssize_t write(int fd, const void *buf, size_t count)}. */
  private static final CFunction WRITE = CFunction.of("write");

  /** {@code int poll(struct pollfd *fds, nfds_t nfds, int timeout)}. */
  private static final CFunction POLL = CFunction.of("poll");

  private Descriptors() {}

  /**
   * Writes bytes at once.
   *
   * @throws IOException when not all of them could be written
   */
  public static void write(int descriptor, byte[] bytes) throws IOException {
    Calls.call((arena, state) -> {
      MemorySegment buffer = arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
      long count = WRITE.call(state, descriptor, buffer.address(), bytes.length);
      Calls.check("write", count, state);
      if (count < bytes.length) {
        throw new IOException("write: only " + count + " of " + bytes.length + " bytes");
      }
      return true;
    });
  }

  /** Waits until there is something to read, or the other side has closed. */
  public static void awaitReadable(int descriptor) throws IOException {
    Calls.call((arena, state) -> {
      MemorySegment poll = arena.allocate(POLLFD);
      poll.set(JAVA_INT, 0, descriptor);
      poll.set(JAVA_SHORT, EVENTS, POLLIN);
      while (true) {
        int ready = (int) POLL.call(state, poll.address(), 1, FOR_EVER);
        if (ready > 0) {
          return true;
        }
        if (ready < 0 && CFunction.errno(state) != CFunction.EINTR) {
          Calls.check("poll", ready, state);
        }
      }
    });
  }
}
