package org.postern.program.map;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.postern.host.table.OpenTables;

/** Several tables, each of which is opened when it is first needed. */
public final class AskedTables {
  private final List<MapName> maps;
  private final OpenTables tables;
  private final MapOptions options;

  public AskedTables(List<MapName> maps, OpenTables tables, MapOptions options) {
    this.maps = maps;
    this.tables = tables;
    this.options = options;
  }

  /** The value of a key in the first table that has it. */
  public Optional<byte[]> lookup(byte[] key) throws MapException {
    for (MapName map : maps) {
      Optional<byte[]> value = AskedTable.open(map, tables, options).lookup(key);
      if (value.isPresent()) {
        return value;
      }
    }
    return Optional.empty();
  }

  /**
   * Removes a key from all tables.
   *
   * @return whether any of them had it
   */
  public boolean delete(byte[] key) throws MapException {
    boolean found = false;
    for (MapName map : maps) {
      found |= AskedTable.open(map, tables, options).delete(key);
    }
    return found;
  }

  /** Makes sure that all tables are there. */
  public void open() throws MapException {
    for (MapName map : maps) {
      AskedTable.open(map, tables, options);
    }
  }

  /** Walks through all tables, one after the other. */
  public void forEach(Pairs pairs) throws IOException {
    for (MapName map : maps) {
      AskedTable.open(map, tables, options).forEach(pairs);
    }
  }
}
