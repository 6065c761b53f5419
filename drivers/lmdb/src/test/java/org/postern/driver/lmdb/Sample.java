package org.postern.driver.lmdb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.postern.testkit.TestOpening;

/** Files of the test resources, which make-samples.sh beside them made. */
final class Sample {
  /** How many keys {@code many} has beside "long" and "longplain". */
  static final int KEYS = 900;

  static final int LONG = 10_000;

  private Sample() {}

  /** A key of {@code many}: with a NUL after it when i is odd. */
  static String key(int i) {
    return "user" + i + "@example.com";
  }

  static String value(int i) {
    return "box-" + i * 7919 + "/" + "v".repeat(i % 40);
  }

  static byte[] bytes(String name) throws IOException {
    String file = name + ".lmdb";
    try (InputStream stream =
        Objects.requireNonNull(Sample.class.getResourceAsStream(file), file)) {
      return stream.readAllBytes();
    }
  }

  static Path copy(String name, Path directory) throws IOException {
    return Files.write(directory.resolve(name + ".lmdb"), bytes(name));
  }

  /** An opening of a table whose file, with its suffix, is named. */
  static TestOpening opening(Path file) {
    return TestOpening.of("lmdb", source(file));
  }

  /** The table's name: its file without the suffix. */
  static String source(Path file) {
    String name = file.toString();
    return name.substring(0, name.length() - ".lmdb".length());
  }
}
