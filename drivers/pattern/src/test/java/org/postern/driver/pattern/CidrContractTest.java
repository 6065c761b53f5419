package org.postern.driver.pattern;

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

final class CidrContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new CidrDriver();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of();
  }

  @Override
  public int flags() {
    return TableFlags.PATTERN;
  }

  @Override
  public TestOpening sample(Path directory) throws IOException {
    return TestOpening.of(
        "cidr",
        Rules.write(
            directory.resolve("sample"), "192.0.2.1 one\n192.0.2.2 two words\n198.51.100.3 3\n"));
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        Bytes.entry("192.0.2.1", "one"),
        Bytes.entry("192.0.2.2", "two words"),
        Bytes.entry("198.51.100.3", "3"));
  }

  @Override
  public Optional<TestOpening> withoutSource(Path directory) {
    return Optional.of(TestOpening.of("cidr", directory.resolve("absent")));
  }

  @Override
  public Optional<Path> sourceFile(Path directory) {
    return Optional.of(directory.resolve("sample"));
  }
}
