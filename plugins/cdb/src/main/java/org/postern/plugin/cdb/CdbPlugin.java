package org.postern.plugin.cdb;

import java.util.List;
import org.postern.driver.cdb.CdbDriver;
import org.postern.spi.TableDriver;
import org.postern.spi.TablePlugin;

/** Brings cdb tables. */
public final class CdbPlugin implements TablePlugin {
  @Override
  public List<TableDriver> drivers() {
    return List.of(new CdbDriver());
  }
}
