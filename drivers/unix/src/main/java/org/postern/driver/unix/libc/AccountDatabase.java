package org.postern.driver.unix.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.postern.platform.libc.CFunction;
import org.postern.platform.libc.CLibrary;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;

/**
 * A database of the name service switch, nsswitch.conf(5), asked by name. A call may wait for a
 * directory server; it may be made from many threads at once.
 */
public enum AccountDatabase {
  /** Users: passwd(5). */
  PASSWD("password", "getpwnam_r", "getpwuid_r") {
    // struct passwd: 0 char *pw_name, 8 char *pw_passwd, 16 uid_t pw_uid, 20 gid_t pw_gid,
    // 24 char *pw_gecos, 32 char *pw_dir, 40 char *pw_shell
    @Override
    void write(CallMemory memory) {
      writeNamePasswordAndId(memory);
      memory.addId(memory.entry.get(JAVA_INT, 20));
      memory.add((byte) ':');
      memory.addString(24);
      memory.add((byte) ':');
      memory.addString(32);
      memory.add((byte) ':');
      memory.addString(40);
    }
  },

  /** Groups: group(5). */
  GROUP("group", "getgrnam_r", "getgrgid_r") {
    // struct group: 0 char *gr_name, 8 char *gr_passwd, 16 gid_t gr_gid, 20 padding,
    // 24 char **gr_mem, which ends with a NULL
    @Override
    void write(CallMemory memory) {
      writeNamePasswordAndId(memory);
      long members = memory.pointer(24);
      long member = members == 0 ? 0 : CallMemory.pointerAt(members);
      for (int i = 1; member != 0; i++) {
        memory.addStringAt(member);
        member = CallMemory.pointerAt(members + i * ADDRESS.byteSize());
        if (member != 0) {
          memory.add((byte) ',');
        }
      }
    }
  };

  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int ESRCH = 3;
  private static final int EINTR = 4;
  private static final int EBADF = 9;
  private static final int ERANGE = 34;

  private final String title;
  private final String function;
  private final MethodHandle byName;
  private final MethodHandle byNumber;

  AccountDatabase(String title, String byName, String byNumber) {
    this.title = title;
    this.function = byName;
    this.byName = CFunction.of(byName).handle();
    this.byNumber = CFunction.of(byNumber).handle();
  }

  /** The function of the C library that is called. */
  public String function() {
    return function;
  }

  abstract void write(CallMemory memory);

  /** With which both structures begin, and both lines. */
  private static void writeNamePasswordAndId(CallMemory memory) {
    memory.addString(0);
    memory.add((byte) ':');
    memory.addString(8);
    memory.add((byte) ':');
    memory.addId(memory.entry.get(JAVA_INT, 16));
    memory.add((byte) ':');
  }

  /**
   * Finds an entry.
   *
   * @param name bytes; one that is empty or holds a NUL is nobody's
   * @return the entry as a line of passwd(5) or group(5); {@link Retry} when the name service
   *     failed
   */
  public LookupResult find(byte[] name) {
    if (name.length == 0 || holdsNul(name)) {
      return NotFound.NOT_FOUND;
    }
    CallMemory memory = CallMemory.ofThisThread();
    MemorySegment cName = memory.name(name);
    int error = repeat(memory, () -> call(byName, cName.address(), memory));
    return switch (error) {
      case 0 -> memory.isFound() ? answer(memory) : NotFound.NOT_FOUND;
      // Some services say so when there is no such name. All say so when they are not there at
      // all: then root is missing too.
      case EPERM, ENOENT, ESRCH, EBADF ->
          hasRoot(memory) ? NotFound.NOT_FOUND : failed(error, memory);
      default -> failed(error, memory);
    };
  }

  private Found answer(CallMemory memory) {
    memory.begin();
    write(memory);
    return new Found(memory.text());
  }

  private Retry failed(int error, CallMemory memory) {
    return new Retry(
        "cannot access UNIX " + title + " database: " + CFunction.reason(memory.state, error));
  }

  private boolean hasRoot(CallMemory memory) {
    return repeat(memory, () -> call(byNumber, 0, memory)) == 0 && memory.isFound();
  }

  /** A call, made again while a signal interrupts it or its strings need a larger buffer. */
  private interface Call {
    int make();
  }

  private static int repeat(CallMemory memory, Call call) {
    int error;
    do {
      error = call.make();
    } while (error == EINTR || (error == ERANGE && memory.growBuffer()));
    return error;
  }

  /**
   * Makes a call.
   *
   * @param function the handle of a {@link CFunction}
   * @param asked the name's address, or the number
   */
  private static int call(MethodHandle function, long asked, CallMemory memory) {
    try {
      MemorySegment buffer = memory.buffer();
      return (int)
          (long)
              function.invokeExact(
                  memory.state,
                  asked,
                  memory.entry.address(),
                  buffer.address(),
                  buffer.byteSize(),
                  memory.result.address());
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  private static boolean holdsNul(byte[] name) {
    for (byte b : name) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }
}
