package org.postern.driver.unix;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.testkit.Capability;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

final class GroupContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new UnixDriver();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of();
  }

  @Override
  public int flags() {
    return TableFlags.FIXED;
  }

  @Override
  public TestOpening sample(Path directory) {
    return TestOpening.of("unix", "group.byname");
  }

  @Override
  public List<Entry> entries() {
    return Accounts.of(Path.of("/etc/group"));
  }

  @Override
  public Optional<TestOpening> withoutSource(Path directory) {
    return Optional.of(TestOpening.of("unix", "bogus"));
  }
}
