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

  /** Small, so that the journal begins anew now and then. */
  private static final int JOURNAL_CAPACITY = 1 << 15;

  private final MemoryFile table;
  private final MemoryFile journalFile;
  private final UUID systemStart;
  private final Journal journal = new Journal(this, JOURNAL_CAPACITY);
  private int callsLeft = Integer.MAX_VALUE;

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

    /** Every state of the file since it was last on disk. */
    private final List<byte[]> since = new ArrayList<>();

    MemoryFile(byte[] content) {
      this.bytes = content;
      this.onDisk = content;
    }

    MemoryFile(MemoryFile other) {
      this.bytes = other.bytes;
      this.onDisk = other.onDisk;
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
      bytes = Arrays.copyOf(bytes, (int) Math.max(bytes.length, end));
      MemorySegment.copy(from, JAVA_BYTE, 0, bytes, (int) position, (int) from.byteSize());
      since.add(bytes);
    }

    @Override
    public void reserve(long position, long size) throws SystemCallException {
      call();
    }

    @Override
    public void truncate(long size) throws SystemCallException {
      call();
      bytes = Arrays.copyOf(bytes, (int) size);
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
