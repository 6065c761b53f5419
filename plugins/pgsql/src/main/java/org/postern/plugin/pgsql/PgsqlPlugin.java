package org.postern.plugin.pgsql;

import java.util.List;
import org.postern.driver.sql.SqlDriver;
import org.postern.driver.sql.pgsql.PgsqlDialect;
import org.postern.spi.TableDriver;
import org.postern.spi.TablePlugin;

/** Brings pgsql tables. */
public final class PgsqlPlugin implements TablePlugin {
  @Override
  public List<TableDriver> drivers() {
    return List.of(new SqlDriver(new PgsqlDialect()));
  }
}
