package org.postern.plugin.lmdb;

import java.util.List;
import org.postern.driver.lmdb.LmdbDriver;
import org.postern.spi.TableDriver;
import org.postern.spi.TablePlugin;

/** Brings lmdb tables. */
public final class LmdbPlugin implements TablePlugin {
  @Override
  public List<TableDriver> drivers() {
    return List.of(new LmdbDriver());
  }
}
