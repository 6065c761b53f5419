package org.postern.plugin.mysql;

import java.util.List;
import org.postern.driver.sql.SqlDriver;
import org.postern.driver.sql.mysql.MysqlDialect;
import org.postern.spi.TableDriver;
import org.postern.spi.TablePlugin;

/** Brings mysql tables. */
public final class MysqlPlugin implements TablePlugin {
  @Override
  public List<TableDriver> drivers() {
    return List.of(new SqlDriver(new MysqlDialect()));
  }
}
