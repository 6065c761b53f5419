package org.postern.host.table;

import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postern.spi.TableDriver;

/** Which driver serves which maptype. Immutable. */
public final class DriverRegistry {
  private final Map<String, TableDriver> drivers;

  /**
   * @param drivers by maptype
   */
  public DriverRegistry(Map<String, TableDriver> drivers) {
    this.drivers = new TreeMap<>(drivers);
  }

  public Optional<TableDriver> driver(String maptype) {
    return Optional.ofNullable(drivers.get(maptype));
  }

  public SortedSet<String> maptypes() {
    return new TreeSet<>(drivers.keySet());
  }
}
