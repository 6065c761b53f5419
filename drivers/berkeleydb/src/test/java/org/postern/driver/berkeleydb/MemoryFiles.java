package org.postern.driver.berkeleydb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.StoredFile;
import org.postern.platform.libc.SystemCallException;

/**
 * A table and its journal on a disk that loses its power: what was not waited for is there
 * afterwards, sector by sector, or is not.
 */
final class MemoryFiles implements TableFiles {
  private static final int SECTOR = 512;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;

  /** Small, so that the journal begins anew now and then. */
  private static final int JOURNAL_CAPACITY = 1 << 15;

  private final MemoryFile table;
  private final MemoryFile journalFile;
  private final UUID systemStart;
  private final Journal journal = new Journal(this, JOURNAL_CAPACITY);
  private int callsLeft = Integer.MAX_VALUE;
  private boolean failed;

  /** How many bytes the two files may have together, and whether the file system says so. */
  private long room = Long.MAX_VALUE;

  private boolean roomIsKnown;

  MemoryFiles(byte[] content) {
    this.table = new MemoryFile(content);
    this.journalFile = new MemoryFile(new byte[0]);
    this.systemStart = UUID.randomUUID();
  }

  /** As a process leaves them behind that is killed. */
  private MemoryFiles(MemoryFiles left) {
    this.table = new MemoryFile(left.table);
    this.journalFile = new MemoryFile(left.journalFile);
    this.systemStart = left.systemStart;
  }

  /** As a power loss leaves them behind. */
  private MemoryFiles(MemoryFiles lost, Random random) {
    this.table = new MemoryFile(lost.table.afterPowerLoss(random));
    this.journalFile = new MemoryFile(lost.journalFile.afterPowerLoss(random));
    this.systemStart = UUID.randomUUID();
  }

  /** Lets all calls fail that change something, after so many. */
  MemoryFiles failAfter(int calls) {
    callsLeft = calls;
    return this;
  }

  /** Whether a call has failed that should. */
  boolean hasFailed() {
    return failed;
  }

  /**
   * Lets the files grow by so many bytes together, and no more.
   *
   * @param known whether the file system tells how many there are: it does not know of a quota
   */
  MemoryFiles leaveRoom(long bytes, boolean known) {
    room = bytes == Long.MAX_VALUE ? bytes : table.taken() + journalFile.taken() + bytes;
    roomIsKnown = known;
    return this;
  }

  /** What the process leaves behind that is killed now. */
  MemoryFiles afterKill() {
    return new MemoryFiles(this);
  }

  /** What may be on disk when the power fails now. */
  MemoryFiles afterPowerLoss(Random random) {
    return new MemoryFiles(this, random);
  }

  /** As the table's own, so that it knows where the end was last seen. */
  Journal journal() {
    return journal;
  }

  byte[] content() {
    return table.bytes;
  }

  byte[] journalContent() {
    return journalFile.bytes;
  }

  /** Has somebody else write the table, who has it on disk then. */
  void replace(byte[] content) {
    table.bytes = content;
    table.onDisk = content;
    table.since.clear();
  }

  @Override
  public StoredFile table() {
    return table;
  }

  @Override
  public @Nullable StoredFile openJournal() {
    return journalFile.bytes.length == 0 ? null : journalFile;
  }

  @Override
  public StoredFile createJournal() {
    return journalFile;
  }

  @Override
  public UUID systemStart() {
    return systemStart;
  }

  private final class MemoryFile implements StoredFile {
    private byte[] bytes;
    private byte[] onDisk;
    private long reserved;

    /** Every state of the file since it was last on disk. */
    private final List<byte[]> since = new ArrayList<>();

    MemoryFile(byte[] content) {
      this.bytes = content;
      this.onDisk = content;
    }

    MemoryFile(MemoryFile other) {
      this.bytes = other.bytes;
      this.onDisk = other.onDisk;
      this.reserved = other.reserved;
      since.addAll(other.since);
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public long read(MemorySegment into, long position) {
      int count = (int) Math.clamp(bytes.length - position, 0, into.byteSize());
      if (count > 0) {
        MemorySegment.copy(bytes, (int) position, into, JAVA_BYTE, 0, count);
      }
      return count;
    }

    @Override
    public void write(MemorySegment from, long position) throws SystemCallException {
      call();
      long end = position + from.byteSize();
      int possible = (int) Math.clamp(largest() - position, 0, from.byteSize());
      if (possible > 0) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length, (int) position + possible));
        MemorySegment.copy(from, JAVA_BYTE, 0, bytes, (int) position, possible);
      }
      since.add(bytes);
      checkRoom(end);
    }

    /** As many bytes as this file can have now. */
    private long largest() {
      long others = table.taken() + journalFile.taken() - taken();
      return Math.max(taken(), room - others);
    }

    long taken() {
      return Math.max(bytes.length, reserved);
    }

    private void checkRoom(long size) throws SystemCallException {
      if (size > largest()) {
        throw SystemCallException.of(roomIsKnown ? ENOSPC : EDQUOT);
      }
    }

    @Override
    public long room() {
      return roomIsKnown ? Math.max(0, largest() - taken()) : Long.MAX_VALUE;
    }

    @Override
    public void reserve(long position, long size) throws SystemCallException {
      call();
      // As some file systems do it: what there is stays reserved.
      reserved = Math.max(reserved, Math.min(position + size, largest()));
      checkRoom(position + size);
    }

    @Override
    public void truncate(long size) throws SystemCallException {
      call();
      bytes = Arrays.copyOf(bytes, (int) size);
      reserved = 0;
      since.add(bytes);
    }

    @Override
    public void sync() throws SystemCallException {
      call();
      onDisk = bytes;
      since.clear();
    }

    private void call() throws SystemCallException {
      if (callsLeft == 0) {
        failed = true;
        throw new SystemCallException("Input/output error");
      }
      callsLeft--;
    }

    byte[] afterPowerLoss(Random random) {
      int sizes = random.nextInt(since.size() + 1);
      byte[] left = Arrays.copyOf(onDisk, (sizes == 0 ? onDisk : since.get(sizes - 1)).length);
      for (int at = 0; at < left.length; at += SECTOR) {
        int version = random.nextInt(since.size() + 1);
        byte[] from = version == 0 ? onDisk : since.get(version - 1);
        int end = Math.min(Math.min(at + SECTOR, left.length), from.length);
        if (end > at) {
          System.arraycopy(from, at, left, at, end - at);
        }
      }
      return left;
    }

    @Override
    public void close() {}
  }
}
