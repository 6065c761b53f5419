package org.postern.driver.berkeleydb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.postern.testkit.Bytes;

/**
 * A file of the test resources.
 *
 * @param name without suffix; begins with the table type
 */
record Sample(String name) {
  private static final List<String> OF_BOTH_TYPES =
      List.of(
          "mixed-little-endian-512",
          "mixed-little-endian-1024",
          "mixed-little-endian-4096",
          "mixed-big-endian-512",
          "mixed-big-endian-1024",
          "mixed-big-endian-4096",
          "few-65536",
          "with-nul",
          "without-nul",
          "many-512",
          "duplicates-512",
          "duplicates-big-endian-4096",
          "empty",
          "deleted",
          "contract");

  static List<Sample> all() {
    return Stream.concat(
            OF_BOTH_TYPES.stream().flatMap(name -> Stream.of("hash-" + name, "btree-" + name)),
            Stream.of("hash-one-bucket-512", "hash-growing-512"))
        .map(Sample::new)
        .toList();
  }

  String maptype() {
    return name.substring(0, name.indexOf('-'));
  }

  byte[] bytes() {
    return resource(name + ".db");
  }

  Dump dump() {
    return Dump.parse(Bytes.text(resource(name + ".dump")));
  }

  /** Writes the file into a directory. */
  Path copyTo(Path directory) throws IOException {
    return Files.write(directory.resolve(name + ".db"), bytes());
  }

  private static byte[] resource(String file) {
    try (InputStream stream =
        Objects.requireNonNull(Sample.class.getResourceAsStream(file), file)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
