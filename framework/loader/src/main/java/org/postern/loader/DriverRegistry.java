package org.postern.loader;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postern.spi.TableDriver;

/** Which driver serves which maptype. Immutable. */
public final class DriverRegistry {
  private final Map<String, TableDriver> drivers;
  private final Map<String, String> plugins;
  private final List<String> unusable;

  /**
   * @param drivers by maptype
   * @param plugins the id of the plugin that each comes from, by maptype
   */
  public DriverRegistry(Map<String, TableDriver> drivers, Map<String, String> plugins) {
    this(drivers, plugins, List.of());
  }

  /**
   * @param unusable the files of plugins with which something is wrong: a type that nobody serves
   *     may be one of theirs
   */
  public DriverRegistry(
      Map<String, TableDriver> drivers, Map<String, String> plugins, List<String> unusable) {
    this.drivers = new TreeMap<>(drivers);
    this.plugins = Map.copyOf(plugins);
    this.unusable = List.copyOf(unusable);
  }

  /** The files of plugins with which something is wrong. */
  public List<String> unusable() {
    return unusable;
  }

  /** The id of the plugin that serves a maptype. */
  public Optional<String> plugin(String maptype) {
    return Optional.ofNullable(plugins.get(maptype));
  }

  public Optional<TableDriver> driver(String maptype) {
    return Optional.ofNullable(drivers.get(maptype));
  }

  public SortedSet<String> maptypes() {
    return new TreeSet<>(drivers.keySet());
  }
}
