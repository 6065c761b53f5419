package org.postern.driver.lmdb;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.postern.driver.file.libc.LockableFile;
import org.postern.driver.file.libc.SystemCallException;

/**
 * The pairs of a load, to be put again: in a file that has lost its name, so that it goes with the
 * process. The name is always the same, so that one of which the process was killed in between is
 * removed by the next.
 */
final class PutLog implements AutoCloseable {
  private static final String SUFFIX = ".postern-load";
  private static final int BUFFER = 1 << 16;

  private final FileChannel channel;
  private final DataOutputStream out;

  private PutLog(FileChannel channel) {
    this.channel = channel;
    this.out =
        new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
  }

  /**
   * Makes a log on the file system of a table that nobody else loads; elsewhere where its directory
   * is not to be written.
   */
  static PutLog beside(Path table) throws IOException {
    Path file = Path.of(table + SUFFIX);
    try {
      removeLeft(file);
      return create(file);
    } catch (AccessDeniedException e) {
      Path elsewhere = Files.createTempFile("postern-load", null);
      Files.delete(elsewhere);
      return create(elsewhere);
    }
  }

  /** One that has a name still is empty: anything else is not ours. */
  private static void removeLeft(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (LockableFile left = LockableFile.openCompanion(file, true, null)) {
      if (left.size() == 0 && left.isNamed(file)) {
        Files.deleteIfExists(file);
      }
    } catch (SystemCallException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // what is returned owns the channel
  private static PutLog create(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.delete(file);
      return new PutLog(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  void add(byte[] key, byte[] value, int flags) throws IOException {
    out.writeInt(flags);
    out.writeInt(key.length);
    out.writeInt(value.length);
    out.write(key);
    out.write(value);
  }

  /** What is done with each pair. */
  interface Put {
    void put(byte[] key, byte[] value, int flags);
  }

  /** Puts all pairs again, in their order. */
  void replay(Put put) throws IOException {
    out.flush();
    long size = channel.size();
    channel.position(0);
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER));
    for (long done = 0; done < size; ) {
      int flags = in.readInt();
      int keyLength = in.readInt();
      int valueLength = in.readInt();
      put.put(in.readNBytes(keyLength), in.readNBytes(valueLength), flags);
      done += 3L * Integer.BYTES + keyLength + valueLength;
    }
    channel.position(size);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nobody needs it any more.
    }
  }
}
