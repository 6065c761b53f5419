package org.postern.driver.cdb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.postern.testkit.TestOpening;

/**
 * Files of the test resources: {@code contract.cdb} was made by postmap(1), {@code many.cdb} by
 * tinycdb's {@code cdb -c}.
 */
final class Sample {
  private Sample() {}

  static byte[] bytes(String name) throws IOException {
    String file = name + ".cdb";
    try (InputStream stream =
        Objects.requireNonNull(Sample.class.getResourceAsStream(file), file)) {
      return stream.readAllBytes();
    }
  }

  static Path copy(String name, Path directory) throws IOException {
    return Files.write(directory.resolve(name + ".cdb"), bytes(name));
  }

  /** An opening of a table whose file, with its suffix, is named. */
  static TestOpening opening(Path file) {
    String name = file.toString();
    return TestOpening.of("cdb", name.substring(0, name.length() - 4));
  }
}
