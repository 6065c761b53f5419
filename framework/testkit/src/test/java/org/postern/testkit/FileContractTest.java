package org.postern.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;

/** A driver that can do everything passes by doing it. */
final class FileContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new FileDriver();
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.complementOf(EnumSet.of(Capability.REBUILD, Capability.EXTEND));
  }

  @Override
  public TestOpening sample(Path directory) throws IOException {
    Path file = directory.resolve("sample");
    Files.writeString(file, "alpha=one\nbeta=two\n");
    return TestOpening.of("file", file);
  }

  @Override
  public List<Entry> entries() {
    return List.of(Bytes.entry("alpha", "one"), Bytes.entry("beta", "two"));
  }

  @Override
  public Optional<TestOpening> withoutSource(Path directory) {
    return Optional.of(TestOpening.of("file", directory.resolve("absent")));
  }

  @Override
  public Optional<Path> sourceFile(Path directory) {
    return Optional.of(directory.resolve("sample"));
  }
}
