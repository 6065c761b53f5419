package org.postern.plugin.sqlite;

import java.util.List;
import org.postern.driver.sql.SqlDriver;
import org.postern.driver.sql.sqlite.SqliteDialect;
import org.postern.spi.TableDriver;
import org.postern.spi.TablePlugin;

/** Brings sqlite tables. */
public final class SqlitePlugin implements TablePlugin {
  @Override
  public List<TableDriver> drivers() {
    return List.of(new SqlDriver(new SqliteDialect()));
  }
}
