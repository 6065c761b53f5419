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

final class RegexpContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new RegexpDriver();
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
        "regexp",
        Rules.write(
            directory.resolve("sample"), "/^alpha$/i one\n/^beta$/i two words\n/^\"q q\"$/i 3\n"));
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        Bytes.entry("alpha", "one"), Bytes.entry("beta", "two words"), Bytes.entry("\"q q\"", "3"));
  }

  @Override
  public Optional<TestOpening> withoutSource(Path directory) {
    return Optional.of(TestOpening.of("regexp", directory.resolve("absent")));
  }

  @Override
  public Optional<Path> sourceFile(Path directory) {
    return Optional.of(directory.resolve("sample"));
  }
}
