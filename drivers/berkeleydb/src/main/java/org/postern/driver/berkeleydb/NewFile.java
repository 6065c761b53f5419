package org.postern.driver.berkeleydb;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.postern.driver.file.Replacement;
import org.postern.platform.libc.SystemCallException;

/**
 * An empty table, as Postfix makes one: pages of 4096 bytes in the machine's byte order, mode 0644
 * less the umask. It has its name only when all of it is on disk: Berkeley DB refuses an empty
 * file.
 */
final class NewFile {
  private static final int PAGE_SIZE = 4096;
  private static final int UNIQUE_ID = 52;

  private static final int HASH_FIRST_PAGE = 8;
  private static final int HASH_BUCKETS = 2;

  /** Postfix says that it expects so many keys, and Berkeley DB begins to count there. */
  private static final int HASH_KEYS = 4096;

  private static final int BTREE_FIRST_PAGE = 9;
  private static final int BTREE_LEAST_KEYS = 2;

  /** What fills up records of fixed length, of which a btree has none. */
  private static final int BTREE_PAD = ' ';

  private NewFile() {}

  /** Makes the file unless there is one by now. */
  static void create(String maptype, Path path) throws IOException {
    Path directory = Objects.requireNonNull(path.toAbsolutePath().getParent());
    Path unnamed = Path.of(path + ".postern-" + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(
              unnamed,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")))) {
        ByteBuffer bytes = ByteBuffer.wrap(content(maptype));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.createLink(path, unnamed);
    } catch (FileAlreadyExistsException madeMeanwhile) {
      // as good
    } finally {
      Files.deleteIfExists(unnamed);
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Makes a table of an empty file, which a crash or a tool that prepares a machine may have left,
   * as Berkeley DB does for whoever opens it for writing.
   */
  static void replaceEmpty(String maptype, Path path) throws IOException, SystemCallException {
    try (Replacement fresh = Replacement.of(path);
        FilesOnDisk old = FilesOnDisk.openForWriting(path)) {
      ByteBuffer bytes = ByteBuffer.wrap(content(maptype));
      while (bytes.hasRemaining()) {
        fresh.channel().write(bytes);
      }
      old.lockExclusive();
      if (old.table().size() == 0) { // and nobody has made one of it by now
        old.removeJournal();
        fresh.inherit();
        fresh.commit();
      }
    }
  }

  static byte[] content(String maptype) {
    boolean hash = maptype.equals("hash");
    int last = hash ? HASH_BUCKETS : 1;
    byte[] bytes = new byte[(last + 1) * PAGE_SIZE];
    FileHeader file =
        new FileHeader(
            maptype,
            ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN,
            PAGE_SIZE,
            last + 1,
            TableChanges.WRITABLE_VERSION);
    Page first = page(file, bytes, 0);
    first.putU32(12, file.magic());
    first.putU32(16, file.version());
    first.putU32(20, PAGE_SIZE);
    first.putU8(25, hash ? HASH_FIRST_PAGE : BTREE_FIRST_PAGE);
    first.putU32(32, last);
    UUID unique = UUID.randomUUID();
    first.putU32(UNIQUE_ID, unique.getMostSignificantBits());
    first.putU32(UNIQUE_ID + 4, unique.getMostSignificantBits() >>> Integer.SIZE);
    first.putU32(UNIQUE_ID + 8, unique.getLeastSignificantBits());
    first.putU32(UNIQUE_ID + 12, unique.getLeastSignificantBits() >>> Integer.SIZE);
    if (hash) {
      HashFile.putEmpty(first, HASH_BUCKETS, HASH_KEYS);
    } else {
      first.putU32(76, BTREE_LEAST_KEYS);
      first.putU32(84, BTREE_PAD);
      first.putU32(88, last);
    }
    for (int number = 1; number <= last; number++) {
      page(file, bytes, number).clear(hash ? Page.HASH : Page.BTREE_LEAF, hash ? 0 : 1);
    }
    return bytes;
  }

  /** A page with the log sequence number of a file that no log is kept of. */
  private static Page page(FileHeader file, byte[] bytes, int number) {
    Page page = new Page(file, MemorySegment.ofArray(bytes), (long) number * PAGE_SIZE, number);
    page.putU32(4, 1);
    return page;
  }
}
