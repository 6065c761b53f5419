package org.postern.program.map;

import java.io.IOException;
import org.postern.config.Configuration;
import org.postern.host.table.OpenTables;
import org.postern.host.table.UnsupportedType;
import org.postern.loader.DriverRegistry;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.FileTrouble;
import org.postern.platform.text.HeapLimit;
import org.postern.platform.text.MapSource;
import org.postern.platform.text.TextRules;
import org.postern.platform.text.ValueFiles;
import org.postern.spi.Access;
import org.postern.spi.BulkLoad;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;

/** Makes tables from pairs, or adds pairs to them. */
public final class TableLoad {
  private final DriverRegistry drivers;
  private final Configuration configuration;
  private final MapOptions options;

  public TableLoad(DriverRegistry drivers, Configuration configuration, MapOptions options) {
    this.drivers = drivers;
    this.configuration = configuration;
    this.options = options;
  }

  /**
   * The table that is made when this one is to be: another one, where Postfix is told to do without
   * Berkeley DB.
   */
  private MapName made(MapName map) throws MapException {
    OpenTables tables =
        new OpenTables(drivers, Access.READ_ONLY, configuration, Runnable::run, Runnable::run);
    try {
      return new MapName(tables.servingType(map.maptype(), map.name()), map.name());
    } catch (TableUnavailableException e) {
      throw new MapException(String.valueOf(e.getMessage()), e);
    } finally {
      tables.close();
    }
  }

  /** Makes a table anew from the file that has its name. */
  public void fromFile(MapName map) throws IOException {
    if (map.isProxied()) {
      throw new MapException("can't create maps via the proxy service");
    }
    try (MapInput input = MapInput.file(map.sourceName())) {
      load(map, input, true);
    }
  }

  /** Adds to a table what standard input holds. */
  public void addFromStandardInput(MapName map) throws IOException {
    load(map, MapInput.standard(), false);
  }

  private void load(MapName named, MapInput input, boolean anew) throws IOException {
    MapName map = made(named);
    input.applyOwnerAndMode(options);
    TableDriver driver = driver(map);
    LoadOpening opening = opening(map, driver);
    HeapLimit heap = new HeapLimit(input.name());
    ValueFiles valueFiles = new ValueFiles(opening, heap);
    MapSource source =
        new MapSource(input.stream(), input.name(), opening.logger(), heap, options.utf8(), "");
    try (BulkLoad load = anew ? driver.rebuild(opening) : driver.extend(opening);
        Progress progress = Progress.of(map)) {
      for (MapSource.Pair pair = source.next(); pair != null; pair = source.next()) {
        put(pair, source, valueFiles, load);
        progress.pair();
      }
      progress.completes();
      load.commit();
    } catch (IOException e) {
      throw e instanceof MapException
          ? e
          : new MapException("read " + input.name() + ": " + FileTrouble.words(e), e);
    } catch (TableUnavailableException e) {
      throw new MapException(String.valueOf(e.getMessage()), e);
    }
  }

  private void put(MapSource.Pair pair, MapSource source, ValueFiles valueFiles, BulkLoad load)
      throws MapException {
    String value = pair.value();
    if (options.valuesAreFiles()) {
      try {
        value = valueFiles.read(value);
      } catch (TableUnavailableException e) {
        source.warn(e.getMessage() + ": skipping this entry");
        return;
      }
    }
    byte[] key =
        TextRules.ALL.key(
            ByteText.bytes(pair.key()),
            options.flags() | TableFlags.FIXED,
            TableFlags.FIXED,
            options.utf8());
    if (key == null) {
      return; // The source has only what is UTF-8, where it has to be.
    }
    try {
      load.put(key, ByteText.bytes(value), options.flags());
    } catch (TableUnavailableException e) {
      throw new MapException(source.at() + e.getMessage(), e);
    }
  }

  /** Begins to make a table anew from what another one holds. */
  BulkLoad rebuild(MapName map) throws MapException {
    TableDriver driver = driver(map);
    try {
      return driver.rebuild(opening(map, driver));
    } catch (TableUnavailableException e) {
      throw new MapException(String.valueOf(e.getMessage()), e);
    }
  }

  private LoadOpening opening(MapName map, TableDriver driver) {
    return new LoadOpening(map, options.flags() & driver.instanceFlags(), configuration);
  }

  private TableDriver driver(MapName map) throws MapException {
    return drivers
        .driver(map.maptype())
        .orElseThrow(() -> new MapException(UnsupportedType.message(map.maptype(), map.name())));
  }
}
