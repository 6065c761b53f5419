package org.postern.driver.textfile;

import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Sequence;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;

/** A table that was read whole when it was opened. Never waits. */
final class MemoryTable implements Table {
  private final ByteMap entries;

  MemoryTable(ByteMap entries) {
    this.entries = entries;
  }

  @Override
  public int flags() {
    return TableFlags.FIXED;
  }

  @Override
  public boolean answersFromMemory() {
    return true;
  }

  @Override
  public LookupResult lookup(byte[] key, int flags) {
    Found answer = entries.get(key);
    return answer == null ? NotFound.NOT_FOUND : answer;
  }

  @Override
  public Sequence sequence(int flags) {
    return entries.sequence();
  }
}
