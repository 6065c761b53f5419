package org.postern.plugin.berkeleydb;

import java.util.List;
import org.postern.driver.berkeleydb.BerkeleyDbDriver;
import org.postern.spi.TableDriver;
import org.postern.spi.TablePlugin;

/** Brings hash and btree tables. */
public final class BerkeleyDbPlugin implements TablePlugin {
  @Override
  public List<TableDriver> drivers() {
    return List.of(new BerkeleyDbDriver());
  }
}
