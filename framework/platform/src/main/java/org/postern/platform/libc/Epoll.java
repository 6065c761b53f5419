package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * epoll(7): waits until one of many descriptors is ready. Several threads may wait at once, and of
 * an event one of them learns: the one that began to wait last. Any thread may call.
 */
public final class Epoll implements AutoCloseable {
  /** There is something to read, or the end of the stream. */
  public static final int EPOLLIN = 0x1;

  /** There is room for something to be written. */
  public static final int EPOLLOUT = 0x4;

  /** The descriptor has failed; told whether it is asked for or not. */
  public static final int EPOLLERR = 0x8;

  /** Both directions have ended; told whether it is asked for or not. */
  public static final int EPOLLHUP = 0x10;

  /** The other side writes no more. */
  public static final int EPOLLRDHUP = 0x2000;

  /** What is told is told once, until something new comes. */
  public static final int EPOLLET = 1 << 31;

  private static final int EPOLL_CLOEXEC = 02000000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CTL_MOD = 3;
  private static final int EFD_CLOEXEC_NONBLOCK = 02000000 | 04000;

  /** {@code struct epoll_event}: the kernel's ABI packs it on amd64, and nowhere else. */
  private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

  private static final ValueLayout.OfLong DATA = JAVA_LONG.withByteAlignment(4);
  private static final long DATA_OFFSET = PACKED ? 4 : 8;
  private static final long EVENT_SIZE = PACKED ? 12 : 16;

  /** {@code int epoll_create1(int flags)}. */
  private static final CFunction CREATE = CFunction.of("epoll_create1");

  /** {@code int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)}. */
  private static final CFunction CTL = CFunction.of("epoll_ctl");

  /** {@code int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)}. */
  private static final CFunction WAIT = CFunction.of("epoll_wait");

  /** {@code int eventfd(unsigned int initval, int flags)}. */
  private static final CFunction EVENTFD = CFunction.of("eventfd");

  /** {@code int eventfd_write(int fd, eventfd_t value)}. */
  private static final CFunction EVENTFD_WRITE = CFunction.of("eventfd_write");

  private final int descriptor;
  private final int wakeup;

  /** The data of an event that {@link #wakeUp} has made. */
  public static final long WOKEN = -1;

  /** Makes one that waits for nothing yet. */
  public Epoll() throws IOException {
    this.descriptor =
        Calls.call((_, state) -> {
          int made = (int) CREATE.call(state, EPOLL_CLOEXEC);
          Calls.check("epoll_create1", made, state);
          return made;
        });
    this.wakeup =
        Calls.call((_, state) -> {
          int made = (int) EVENTFD.call(state, 0, EFD_CLOEXEC_NONBLOCK);
          Calls.check("eventfd", made, state);
          return made;
        });
    add(wakeup, EPOLLIN | EPOLLET, WOKEN);
  }

  /**
   * Waits for a descriptor too.
   *
   * @param events what to wait for, of the constants
   * @param data what an event of it has
   */
  public void add(int fd, int events, long data) throws IOException {
    control(EPOLL_CTL_ADD, fd, events, data);
  }

  /** Waits for other events of a descriptor; what it is ready for by now is told again. */
  public void modify(int fd, int events, long data) throws IOException {
    control(EPOLL_CTL_MOD, fd, events, data);
  }

  /** Waits for nothing of a descriptor any more. */
  public void remove(int fd) throws IOException {
    control(EPOLL_CTL_DEL, fd, 0, 0);
  }

  private void control(int operation, int fd, int events, long data) throws IOException {
    Calls.call((arena, state) -> {
      MemorySegment event = arena.allocate(EVENT_SIZE, Long.BYTES);
      event.set(JAVA_INT, 0, events);
      event.set(DATA, DATA_OFFSET, data);
      int result = (int) CTL.call(state, descriptor, operation, fd, event.address());
      Calls.check("epoll_ctl", result, state);
      return true;
    });
  }

  /** Has one of the threads that wait return, or the next one that would wait. */
  public void wakeUp() {
    Calls.plain(EVENTFD_WRITE, wakeup, 1);
  }

  /** Gives the descriptors back. No thread may be waiting, or wait again. */
  @Override
  public void close() {
    Calls.plain(LibC.CLOSE, descriptor);
    Calls.plain(LibC.CLOSE, wakeup);
  }

  /** What one thread has learned when it waited. */
  public static final class Events {
    private final int most;
    private final MemorySegment state;
    private final MemorySegment events;
    private int count;

    /**
     * Room for events.
     *
     * @param most how many one wait may bring
     */
    public Events(int most) {
      Arena arena = Arena.ofAuto();
      this.most = most;
      this.state = arena.allocate(CFunction.CALL_STATE);
      this.events = arena.allocate(EVENT_SIZE * most, Long.BYTES);
    }

    /**
     * Waits until there is at least one event.
     *
     * @param milliseconds for how long at most; 0 not at all
     */
    public void await(Epoll epoll, int milliseconds) throws IOException {
      count = 0;
      int result = (int) WAIT.call(state, epoll.descriptor, events.address(), most, milliseconds);
      if (result < 0 && CFunction.errno(state) != CFunction.EINTR) {
        Calls.check("epoll_wait", result, state);
      }
      count = Math.max(0, result);
    }

    /** How many there are. */
    public int count() {
      return count;
    }

    /** What one is of, of the constants. */
    public int events(int index) {
      return events.get(JAVA_INT, index * EVENT_SIZE);
    }

    /** What was given with its descriptor. */
    public long data(int index) {
      return events.get(DATA, index * EVENT_SIZE + DATA_OFFSET);
    }
  }
}
