package org.postern.driver.lmdb;

import java.util.EnumSet;
import java.util.Set;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.testkit.Capability;
import org.postern.testkit.IndexedFileContract;

final class LmdbContractTest implements IndexedFileContract {

  @Override
  public TableDriver driver() {
    return new LmdbDriver();
  }

  @Override
  public String maptype() {
    return "lmdb";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public int flags() {
    return TableFlags.FIXED | TableFlags.MULTI_WRITER | TableFlags.TRY0NULL | TableFlags.TRY1NULL;
  }
}
