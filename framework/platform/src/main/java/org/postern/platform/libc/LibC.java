package org.postern.platform.libc;

/** Functions of the C library that deal with files. */
final class LibC {
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0100;
  static final int O_EXCL = 0200;
  static final int O_NONBLOCK = 04000;

  /** Here the two machines differ. */
  static final int O_NOFOLLOW =
      System.getProperty("os.arch", "").equals("aarch64") ? 0100000 : 0400000;

  static final int O_CLOEXEC = 02000000;
  static final int FALLOC_FL_KEEP_SIZE = 1;
  static final int AT_FDCWD = -100;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;

  /** STATX_TYPE, _MODE, _NLINK, _UID, _GID and _INO. */
  static final int STATX_IDENTITY = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x100;

  static final int SEEK_END = 2;
  static final int LOCK_SH = 1;
  static final int LOCK_EX = 2;
  static final int LOCK_UN = 8;
  static final int F_OFD_SETLKW = 38;
  static final int EISDIR = 21;
  static final int EOPNOTSUPP = 95;

  /** {@code int open(const char *path, int flags, mode_t mode)}. */
  static final CFunction OPEN = CFunction.of("open");

  /** {@code int close(int fd)}. */
  static final CFunction CLOSE = CFunction.of("close");

  /** {@code int flock(int fd, int operation)}. */
  static final CFunction FLOCK = CFunction.of("flock");

  /** {@code int fcntl(int fd, int cmd, ...)} with a {@code struct flock *}. */
  static final CFunction FCNTL = CFunction.of("fcntl");

  /** {@code off_t lseek(int fd, off_t offset, int whence)}. */
  static final CFunction LSEEK = CFunction.of("lseek");

  /** {@code ssize_t pread(int fd, void *buf, size_t count, off_t offset)}. */
  static final CFunction PREAD = CFunction.of("pread");

  /** {@code ssize_t pwrite(int fd, const void *buf, size_t count, off_t offset)}. */
  static final CFunction PWRITE = CFunction.of("pwrite");

  /** {@code int fdatasync(int fd)}. */
  static final CFunction FDATASYNC = CFunction.of("fdatasync");

  /** {@code int ftruncate(int fd, off_t length)}. */
  static final CFunction FTRUNCATE = CFunction.of("ftruncate");

  /** {@code int fallocate(int fd, int mode, off_t offset, off_t length)}. */
  static final CFunction FALLOCATE = CFunction.of("fallocate");

  /** {@code int fstatfs(int fd, struct statfs *buf)}. */
  static final CFunction FSTATFS = CFunction.of("fstatfs");

  /** {@code int fchmod(int fd, mode_t mode)}. */
  static final CFunction FCHMOD = CFunction.of("fchmod");

  /** {@code int fchown(int fd, uid_t owner, gid_t group)}. */
  static final CFunction FCHOWN = CFunction.of("fchown");

  /** {@code uid_t geteuid(void)}. */
  static final CFunction GETEUID = CFunction.of("geteuid");

  /** {@code int statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *)}. */
  static final CFunction STATX = CFunction.of("statx");

  private LibC() {}
}
