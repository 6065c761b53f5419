package org.postern.driver.textfile;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.testkit.Capability;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

final class InternalContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new InternalDriver();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SEQUENCE, Capability.UPDATE, Capability.DELETE);
  }

  @Override
  public TestOpening sample(Path directory) {
    return TestOpening.of("internal", "scratch");
  }

  @Override
  public List<Entry> entries() {
    return List.of();
  }

  @Override
  public boolean persistent() {
    return false;
  }
}
