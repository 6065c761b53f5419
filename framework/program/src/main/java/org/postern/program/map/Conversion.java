package org.postern.program.map;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.postern.host.table.OpenTables;
import org.postern.platform.text.ByteStrings;
import org.postern.spi.BulkLoad;
import org.postern.spi.TableUnavailableException;

/** Moves a table to another type: all of its pairs, which are then read back and compared. */
public final class Conversion {
  private final TableLoad loads;
  private final OpenTables tables;
  private final MapOptions options;

  /**
   * @param options duplicates, case and UTF-8 as the flags say; values are left as they are
   */
  public Conversion(TableLoad loads, OpenTables tables, MapOptions options) {
    this.loads = loads;
    this.tables = tables;
    this.options = options;
  }

  /** How many pairs were read from the source, and how many the target has. */
  public record Counts(long read, long stored) {}

  /**
   * Makes the target anew from the source.
   *
   * @throws MapException when a pair does not fit into the target, which then stays as it was; or
   *     when it does not have there the value that it has in the source
   */
  public Counts convert(MapName source, MapName target) throws IOException {
    AskedTable from = AskedTable.open(source, tables, options);
    Counter read = new Counter();
    try (BulkLoad load = loads.rebuild(target);
        Progress progress = Progress.of(target)) {
      from.forEach((key, value) -> {
        read.count++;
        put(load, key, value);
        progress.pair();
      });
      progress.completes();
      load.commit();
    } catch (TableUnavailableException e) {
      throw new MapException(String.valueOf(e.getMessage()), e);
    }
    AskedTable to = AskedTable.open(target, tables, options);
    Counter compared = new Counter();
    from.forEach((key, value) -> {
      compared.count++;
      compare(key, value, from, to, target);
    });
    Counter stored = new Counter();
    to.forEach((_, _) -> stored.count++);
    if (compared.count != read.count) {
      throw new MapException(
          "%s had %d pairs and now has %d: convert it again when nobody changes it"
              .formatted(source, read.count, compared.count));
    }
    if (stored.count > read.count) {
      throw new MapException(
          "%s has %d pairs, of %d that were stored".formatted(target, stored.count, read.count));
    }
    return new Counts(read.count, stored.count);
  }

  /** Pairs that were met. */
  private static final class Counter {
    private long count;
  }

  private void put(BulkLoad load, byte[] key, byte[] value) throws MapException {
    try {
      load.put(key, value, options.flags());
    } catch (TableUnavailableException e) {
      throw new MapException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Where the source has several values for a key, the one that it answers with counts. */
  private static void compare(
      byte[] key, byte[] value, AskedTable from, AskedTable to, MapName target)
      throws MapException {
    Optional<byte[]> there = to.lookup(key);
    if (there.isPresent() && Arrays.equals(there.get(), value)) {
      return;
    }
    Optional<byte[]> here = from.lookup(key);
    if (there.isPresent() && here.isPresent() && Arrays.equals(there.get(), here.get())) {
      return;
    }
    throw new MapException(
        "%s: key \"%s\": the value is not that of the source; convert it again when nobody changes the source"
            .formatted(target, ByteStrings.printable(key)));
  }
}
