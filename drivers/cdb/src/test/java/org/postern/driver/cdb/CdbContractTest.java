package org.postern.driver.cdb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.testkit.Bytes;
import org.postern.testkit.Capability;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

final class CdbContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new CdbDriver();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SEQUENCE, Capability.REBUILD);
  }

  @Override
  public int flags() {
    return TableFlags.FIXED | TableFlags.TRY0NULL | TableFlags.TRY1NULL;
  }

  @Override
  public TestOpening sample(Path directory) throws IOException {
    return Sample.opening(Sample.copy("contract", directory));
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        Bytes.entry("alpha", "one"), Bytes.entry("beta", "two words"), Bytes.entry("\"q q\"", "3"));
  }

  @Override
  public Optional<TestOpening> withoutSource(Path directory) {
    return Optional.of(Sample.opening(directory.resolve("absent.cdb")));
  }

  @Override
  public Optional<Path> sourceFile(Path directory) {
    return Optional.of(directory.resolve("contract.cdb"));
  }
}
