package org.postern.plugin.pattern;

import java.util.List;
import org.postern.driver.pattern.CidrDriver;
import org.postern.driver.pattern.PcreDriver;
import org.postern.driver.pattern.RegexpDriver;
import org.postern.spi.TableDriver;
import org.postern.spi.TablePlugin;

/** Brings regexp, pcre and cidr tables. */
public final class PatternPlugin implements TablePlugin {
  @Override
  public List<TableDriver> drivers() {
    return List.of(new RegexpDriver(), new PcreDriver(), new CidrDriver());
  }
}
