package org.postern.host;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.postern.spi.LookupResult;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;

/**
 * A driver of tests: each of its tables answers from memory, with what a function says of a key.
 */
public class MemoryTables implements TableDriver, Table {
  private final String maptype;
  private final Function<byte[], LookupResult> answers;
  private final AtomicInteger open = new AtomicInteger();

  /** One of this type. */
  public MemoryTables(String maptype, Function<byte[], LookupResult> answers) {
    this.maptype = maptype;
    this.answers = answers;
  }

  /** How many tables are open. */
  int open() {
    return open.get();
  }

  @Override
  public Set<String> maptypes() {
    return Set.of(maptype);
  }

  @Override
  public Table open(TableOpening opening) {
    open.incrementAndGet();
    return this;
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
    return answers.apply(key);
  }

  @Override
  public void close() {
    open.decrementAndGet();
  }
}
