package org.postern.driver.textfile;

import java.nio.file.Path;
import java.util.List;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.testkit.Bytes;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

final class EnvironContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new EnvironDriver();
  }

  @Override
  public TestOpening sample(Path directory) {
    return TestOpening.of("environ", "whatever");
  }

  @Override
  public List<Entry> entries() {
    return List.of(Bytes.entry("PATH", System.getenv("PATH")));
  }
}
