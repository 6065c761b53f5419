package org.postern.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Entry;

/**
 * All contracts, for a type whose file postmap(1) makes from a source and names after the type. The
 * sample is {@code contract.}<i>maptype</i>, a resource beside the test class, with the {@link
 * #entries} that are here.
 */
public interface IndexedFileContract extends DriverContract {

  String maptype();

  @Override
  default TestOpening sample(Path directory) throws IOException {
    String name = "contract." + maptype();
    try (InputStream stream = Objects.requireNonNull(getClass().getResourceAsStream(name), name)) {
      Files.write(directory.resolve(name), stream.readAllBytes());
    }
    return TestOpening.of(maptype(), directory.resolve("contract"));
  }

  @Override
  default List<Entry> entries() {
    return List.of(
        Bytes.entry("alpha", "one"), Bytes.entry("beta", "two words"), Bytes.entry("\"q q\"", "3"));
  }

  @Override
  default Optional<TestOpening> withoutSource(Path directory) {
    return Optional.of(TestOpening.of(maptype(), directory.resolve("absent")));
  }

  @Override
  default Optional<Path> sourceFile(Path directory) {
    return Optional.of(directory.resolve("contract." + maptype()));
  }

  @Test
  default void aSourceThatWasChangedIsWarnedOf(@TempDir Path directory) throws Exception {
    try (TestOpening opening = sample(directory)) {
      Path file = sourceFile(directory).orElseThrow();
      Path source = Files.writeString(directory.resolve("contract"), "alpha new\n");
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(400)));
      Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(200)));
      opening.open(driver());
      opening.assertWarnings("database " + file + " is older than source file " + source);
    }
  }
}
