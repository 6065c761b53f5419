package org.postern.driver.textfile;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.testkit.Bytes;
import org.postern.testkit.Capability;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

final class InlineContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new InlineDriver();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SEQUENCE);
  }

  @Override
  public TestOpening sample(Path directory) {
    return TestOpening.of("inline", "{ alpha=one, { beta = two words } { \"q q\" = 3 }, gamma=}");
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        Bytes.entry("alpha", "one"),
        Bytes.entry("beta", "two words"),
        Bytes.entry("\"q q\"", "3"),
        Bytes.entry("gamma", ""));
  }
}
