package org.postern.driver.cdb;

import java.util.Set;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.testkit.Capability;
import org.postern.testkit.IndexedFileContract;

final class CdbContractTest implements IndexedFileContract {

  @Override
  public TableDriver driver() {
    return new CdbDriver();
  }

  @Override
  public String maptype() {
    return "cdb";
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SEQUENCE, Capability.REBUILD);
  }

  @Override
  public int flags() {
    return TableFlags.FIXED | TableFlags.TRY0NULL | TableFlags.TRY1NULL;
  }
}
