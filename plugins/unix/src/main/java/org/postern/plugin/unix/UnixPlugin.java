package org.postern.plugin.unix;

import java.util.List;
import org.postern.driver.unix.UnixDriver;
import org.postern.spi.TableDriver;
import org.postern.spi.TablePlugin;

/** Brings unix tables. */
public final class UnixPlugin implements TablePlugin {

  @Override
  public List<TableDriver> drivers() {
    return List.of(new UnixDriver());
  }
}
