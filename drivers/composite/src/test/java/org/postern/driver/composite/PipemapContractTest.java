package org.postern.driver.composite;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.testkit.Bytes;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

final class PipemapContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new PipemapDriver();
  }

  @Override
  public TestOpening sample(Path directory) {
    return TestOpening.of("pipemap", "{first:a, second:b}")
        .member("first:a", SampleTable.of(Map.of("alpha", "one", "beta", "two", "gamma", "lost")))
        .member("second:b", SampleTable.of(Map.of("one", "ONE", "two", "two words")));
  }

  @Override
  public List<Entry> entries() {
    return List.of(Bytes.entry("alpha", "ONE"), Bytes.entry("beta", "two words"));
  }
}
