package org.postern.driver.composite;

import static org.postern.testkit.Bytes.bytes;
import static org.postern.testkit.Bytes.text;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Backend;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.ConfigError;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.testkit.Bytes;

/**
 * A member for tests: answers from a map, {@code retry} and {@code config} with an error, and keeps
 * the flags that it was last asked with.
 */
final class SampleTable implements Table {
  private final Map<String, String> entries;
  private final int flags;
  private final Optional<Backend> backend;
  volatile int flagsAsked;

  private SampleTable(Map<String, String> entries, int flags, Optional<Backend> backend) {
    this.entries = new TreeMap<>(entries);
    this.flags = flags;
    this.backend = backend;
  }

  static SampleTable of(Map<String, String> entries) {
    return new SampleTable(entries, TableFlags.FIXED, Optional.empty());
  }

  SampleTable flags(int own) {
    return new SampleTable(entries, own, backend);
  }

  /** Waits for every key but {@code quick}. */
  SampleTable waiting(String name, int workers) {
    return new SampleTable(entries, flags, Optional.of(new Backend(name, workers)));
  }

  @Override
  public int flags() {
    return flags;
  }

  @Override
  public boolean answersFromMemory() {
    return backend().isEmpty();
  }

  @Override
  public Optional<Backend> backend() {
    return backend;
  }

  @Override
  public LookupResult lookup(byte[] key, int asked) {
    flagsAsked = asked;
    String value = entries.get(text(key));
    return switch (text(key)) {
      case "retry" -> new Retry("no answer today");
      case "config" -> new ConfigError("to be mended", 4);
      default -> value == null ? NotFound.NOT_FOUND : new Found(bytes(value), 4);
    };
  }

  @Override
  public @Nullable LookupResult lookupAtOnce(byte[] key, int asked) {
    return backend.isEmpty() || text(key).equals("quick") ? lookup(key, asked) : null;
  }

  @Override
  public ChangeResult update(byte[] key, byte[] value, int asked) {
    if (text(key).equals("retry")) {
      return new Retry("no room");
    }
    entries.put(text(key), text(value));
    return Changed.CHANGED;
  }

  @Override
  public ChangeResult delete(byte[] key, int asked) {
    return entries.remove(text(key)) == null ? NotFound.NOT_FOUND : Changed.CHANGED;
  }

  @Override
  public Sequence sequence(int asked) {
    Iterator<Map.Entry<String, String>> walk = new TreeMap<>(entries).entrySet().iterator();
    return () -> {
      if (!walk.hasNext()) {
        return NotFound.NOT_FOUND;
      }
      Map.Entry<String, String> next = walk.next();
      return Bytes.entry(next.getKey(), next.getValue());
    };
  }
}
