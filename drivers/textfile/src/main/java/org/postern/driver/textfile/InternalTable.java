package org.postern.driver.textfile;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.Entry;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Sequence;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;

/** What has been stored since it was opened, sorted by key. Gone when it is closed. */
final class InternalTable implements Table {
  private final ConcurrentSkipListMap<byte[], Found> entries =
      new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

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
  public ChangeResult update(byte[] key, byte[] value, int flags) {
    entries.put(key.clone(), new Found(value.clone()));
    return Changed.CHANGED;
  }

  @Override
  public ChangeResult delete(byte[] key, int flags) {
    return entries.remove(key) == null ? NotFound.NOT_FOUND : Changed.CHANGED;
  }

  @Override
  public Sequence sequence(int flags) {
    Iterator<Map.Entry<byte[], Found>> walk = entries.entrySet().iterator();
    return () -> {
      if (!walk.hasNext()) {
        return NotFound.NOT_FOUND;
      }
      Map.Entry<byte[], Found> next = walk.next();
      return new Entry(next.getKey(), next.getValue().value());
    };
  }
}
