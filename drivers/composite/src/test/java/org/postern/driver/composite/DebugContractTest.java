package org.postern.driver.composite;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.testkit.Bytes;
import org.postern.testkit.Capability;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

final class DebugContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new DebugDriver();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SEQUENCE, Capability.UPDATE, Capability.DELETE);
  }

  @Override
  public TestOpening sample(Path directory) {
    return TestOpening.of("debug", "sample:a")
        .member("sample:a", SampleTable.of(Map.of("alpha", "one", "beta", "two")));
  }

  @Override
  public List<Entry> entries() {
    return List.of(Bytes.entry("alpha", "one"), Bytes.entry("beta", "two"));
  }
}
