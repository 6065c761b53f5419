package org.postern.plugin.composite;

import java.util.List;
import org.postern.driver.composite.DebugDriver;
import org.postern.driver.composite.PipemapDriver;
import org.postern.driver.composite.RandmapDriver;
import org.postern.driver.composite.UnionmapDriver;
import org.postern.spi.TableDriver;
import org.postern.spi.TablePlugin;

/** Brings pipemap, unionmap, randmap and debug tables. */
public final class CompositePlugin implements TablePlugin {

  @Override
  public List<TableDriver> drivers() {
    return List.of(
        new PipemapDriver(), new UnionmapDriver(), new RandmapDriver(), new DebugDriver());
  }
}
