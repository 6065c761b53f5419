package org.postern.driver.textfile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.testkit.Bytes;
import org.postern.testkit.Capability;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

final class TexthashContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new TexthashDriver();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SEQUENCE);
  }

  @Override
  public TestOpening sample(Path directory) throws IOException {
    Path file =
        Sources.write(directory.resolve("sample"), "alpha one\nbeta two words\n\"q q\" 3\n");
    return TestOpening.of("texthash", file);
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        Bytes.entry("alpha", "one"), Bytes.entry("beta", "two words"), Bytes.entry("\"q q\"", "3"));
  }

  @Override
  public Optional<TestOpening> withoutSource(Path directory) {
    return Optional.of(TestOpening.of("texthash", directory.resolve("absent")));
  }

  @Override
  public Optional<Path> sourceFile(Path directory) {
    return Optional.of(directory.resolve("sample"));
  }
}
