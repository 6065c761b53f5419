package org.postern.driver.composite;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.testkit.Bytes;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

final class UnionmapContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new UnionmapDriver();
  }

  @Override
  public TestOpening sample(Path directory) {
    return TestOpening.of("unionmap", "{first:a second:b}")
        .member("first:a", SampleTable.of(Map.of("alpha", "one", "beta", "two")))
        .member("second:b", SampleTable.of(Map.of("alpha", "uno", "gamma", "tres")));
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        Bytes.entry("alpha", "one,uno"), Bytes.entry("beta", "two"), Bytes.entry("gamma", "tres"));
  }
}
