package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An open file that can be locked: against those who write it, or, to write it, against all others.
 * May be used by several threads at once for reading; the lock is one for all of them.
 */
public final class LockableFile implements StoredFile {
  private static final int PRIVATE_MODE = 0600;

  /** The size of {@code struct statfs} on machines of 64 bits, and where two members of it are. */
  private static final long STATFS = 120;

  private static final long BLOCK_SIZE = 8;
  private static final long BLOCKS_LEFT = 32;

  private final int descriptor;
  private final FileIdentity identity;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LockableFile(int descriptor, FileIdentity identity) {
    this.descriptor = descriptor;
    this.identity = identity;
  }

  /**
   * Opens a file for reading. It does not wait for a writer when it is a FIFO.
   *
   * @throws SystemCallException with the reason in the C library's words
   */
  public static LockableFile open(Path path) throws SystemCallException {
    return open(path, LibC.O_RDONLY);
  }

  /** Opens a file that is there, for reading and writing. */
  public static LockableFile openForWriting(Path path) throws SystemCallException {
    return open(path, LibC.O_RDWR);
  }

  /** Makes a file that is not there, for reading and writing by nobody else. */
  public static LockableFile create(Path path) throws SystemCallException {
    return create(path, PRIVATE_MODE);
  }

  /** Likewise, by those whom a mode allows, less the process's umask(2). */
  public static LockableFile create(Path path, int mode) throws SystemCallException {
    return open(path, LibC.O_RDWR | LibC.O_CREAT | LibC.O_EXCL, mode);
  }

  /**
   * Opens a file that goes with another one, and that only a program which may write that one can
   * have made: no symbolic link leads to it, and to be written, it must have one name only. For
   * anything else that has its name, this fails, and leaves it alone.
   *
   * @param path of a file that is there
   * @param writable whether for writing too
   * @param main what it goes with, or null when it must be this process's own
   * @throws SystemCallException that says what is there
   */
  public static LockableFile openCompanion(Path path, boolean writable, @Nullable LockableFile main)
      throws SystemCallException {
    // Without waiting for the other end of a FIFO.
    int flags = (writable ? LibC.O_RDWR : LibC.O_RDONLY) | LibC.O_NOFOLLOW | LibC.O_NONBLOCK;
    FileIdentity named = FileIdentity.ofName(path.toString());
    if (!named.isRegular()) {
      throw inTheWay(path, "is no regular file");
    }
    LockableFile opened = open(path, flags);
    try {
      opened.refuseOthers(path, main == null ? null : main.identity);
      if (writable && opened.identity.names() > 1) {
        throw inTheWay(path, "has several names (hard links)");
      }
      return opened;
    } catch (SystemCallException | RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  private void refuseOthers(Path path, @Nullable FileIdentity main) throws SystemCallException {
    if (!identity.isRegular()) {
      throw inTheWay(path, "is no regular file");
    }
    int owner = identity.owner();
    boolean ours =
        owner == 0
            || owner == EffectiveUser.id()
            || (main != null && (owner == main.owner() || main.isWritableForOthers()));
    if (!ours) {
      throw inTheWay(path, "belongs to user id " + owner);
    }
  }

  private static SystemCallException inTheWay(Path path, String trouble) {
    return new SystemCallException(
        path + " " + trouble + ", and Postern did not make it: move it away");
  }

  private static LockableFile open(Path path, int flags) throws SystemCallException {
    return open(path, flags, 0);
  }

  private static LockableFile open(Path path, int flags, int mode) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toString(), StandardCharsets.UTF_8);
      int always = LibC.O_CLOEXEC | LibC.O_NONBLOCK;
      int descriptor =
          SystemCall.untilDone(
              state -> (int) LibC.OPEN.call(state, name.address(), flags | always, mode));
      return new LockableFile(descriptor, FileIdentity.of(descriptor));
    }
  }

  /** Waits for the shared lock of flock(2): as long as a writer holds the exclusive one. */
  public void lockShared() throws SystemCallException {
    flock(LibC.LOCK_SH);
  }

  /** Waits for the exclusive lock of flock(2): as long as anybody else holds one. */
  public void lockExclusive() throws SystemCallException {
    flock(LibC.LOCK_EX);
  }

  public void unlock() throws SystemCallException {
    flock(LibC.LOCK_UN);
  }

  /**
   * Waits for the exclusive lock of fcntl(2) on the whole file, or has it instead of the shared
   * one. It is an "open file description lock": other programs' ordinary fcntl locks, which Postfix
   * uses for some types, keep it waiting and are kept waiting by it, and so are other locks of this
   * process. For Linux with 64 bits.
   */
  public void lockRecordsExclusive() throws SystemCallException {
    RecordLock.EXCLUSIVE.take(descriptor);
  }

  /** Lets others read, and nobody write, from now on. */
  public void lockRecordsShared() throws SystemCallException {
    RecordLock.SHARED.take(descriptor);
  }

  /** Gives up the lock of fcntl(2). */
  public void unlockRecords() throws SystemCallException {
    RecordLock.NONE.take(descriptor);
  }

  /** What the file system says of this file now. */
  public FileStatus status() throws SystemCallException {
    return FileStatus.of(descriptor);
  }

  private void flock(int operation) throws SystemCallException {
    SystemCall.untilDone(state -> (int) LibC.FLOCK.call(state, descriptor, operation));
  }

  @Override
  public long size() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CFunction.CALL_STATE);
      long size = LibC.LSEEK.call(state, descriptor, 0, LibC.SEEK_END);
      if (size < 0) {
        throw SystemCallException.of(state);
      }
      return size;
    }
  }

  @Override
  public long read(MemorySegment into, long position) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      return read(into, position, arena.allocate(CFunction.CALL_STATE));
    }
  }

  /**
   * Likewise, without an allocation.
   *
   * @param state a {@link CFunction#CALL_STATE} of the calling thread
   */
  public long read(MemorySegment into, long position, MemorySegment state)
      throws SystemCallException {
    long done = 0;
    while (done < into.byteSize()) {
      long count =
          LibC.PREAD.call(
              state, descriptor, address(into) + done, into.byteSize() - done, position + done);
      if (count == 0) {
        return done;
      }
      if (count < 0) {
        SystemCall.throwUnlessInterrupted(state);
      } else {
        done += count;
      }
    }
    return done;
  }

  @Override
  public void write(MemorySegment from, long position) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CFunction.CALL_STATE);
      long done = 0;
      while (done < from.byteSize()) {
        long count =
            LibC.PWRITE.call(
                state, descriptor, address(from) + done, from.byteSize() - done, position + done);
        if (count < 0) {
          SystemCall.throwUnlessInterrupted(state);
        } else {
          done += count;
        }
      }
    }
  }

  private static long address(MemorySegment memory) {
    if (!memory.isNative()) {
      throw new IllegalArgumentException("not native memory: " + memory);
    }
    return memory.address();
  }

  @Override
  public void reserve(long position, long size) throws SystemCallException {
    SystemCall.untilDone(state -> {
      int mode = LibC.FALLOC_FL_KEEP_SIZE;
      int failed = (int) LibC.FALLOCATE.call(state, descriptor, mode, position, size);
      return failed != 0 && CFunction.errno(state) == LibC.EOPNOTSUPP ? 0 : failed;
    });
  }

  @Override
  public long room() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(STATFS, Long.BYTES);
      SystemCall.untilDone(state -> (int) LibC.FSTATFS.call(state, descriptor, status.address()));
      return status.get(JAVA_LONG, BLOCKS_LEFT) * status.get(JAVA_LONG, BLOCK_SIZE);
    }
  }

  /** Whether this is the file that has this name now. */
  public boolean isAt(Path path) throws SystemCallException {
    return identity.isSameAs(FileIdentity.of(path.toString()));
  }

  /** Whether this is the file that has this name now, and no symbolic link that leads to it. */
  public boolean isNamed(Path path) throws SystemCallException {
    return identity.isSameAs(FileIdentity.ofName(path.toString()));
  }

  /** Gives it the mode of another file, without set-user-id bits and the like. */
  public void takeMode(LockableFile from) throws SystemCallException {
    takeMode(FileIdentity.of(from.descriptor).permissions());
  }

  /** Gives it owner, group and mode of another file, without set-user-id bits and the like. */
  public void takeOwnerAndMode(LockableFile from) throws SystemCallException {
    FileIdentity wanted = FileIdentity.of(from.descriptor);
    FileIdentity now = FileIdentity.of(descriptor);
    // The owner before the mode: chown(2) may take bits from it.
    if (wanted.owner() != now.owner() || wanted.group() != now.group()) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(CFunction.CALL_STATE);
        if ((int) LibC.FCHOWN.call(state, descriptor, wanted.owner(), wanted.group()) != 0) {
          throw SystemCallException.of(state);
        }
      }
    }
    takeMode(wanted.permissions());
  }

  private void takeMode(int mode) throws SystemCallException {
    if (FileIdentity.of(descriptor).permissions() == mode) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CFunction.CALL_STATE);
      if ((int) LibC.FCHMOD.call(state, descriptor, mode) != 0) {
        throw SystemCallException.of(state);
      }
    }
  }

  /** Whether the file has no name any more. */
  public boolean isRemoved() throws SystemCallException {
    return FileIdentity.of(descriptor).names() == 0;
  }

  @Override
  public void truncate(long size) throws SystemCallException {
    SystemCall.untilDone(state -> (int) LibC.FTRUNCATE.call(state, descriptor, size));
  }

  @Override
  public void sync() throws SystemCallException {
    SystemCall.untilDone(state -> (int) LibC.FDATASYNC.call(state, descriptor));
  }

  /**
   * Closes the file, which gives up its lock. Once: by a second time, the descriptor's number may
   * be another file's.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) LibC.CLOSE.call(arena.allocate(CFunction.CALL_STATE), descriptor);
    }
  }
}
