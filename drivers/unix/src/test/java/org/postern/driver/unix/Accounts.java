package org.postern.driver.unix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.spi.Entry;
import org.postern.testkit.Bytes;

/** The users or groups of this machine's own files. */
final class Accounts {

  private Accounts() {}

  /**
   * One entry for each line, by name.
   *
   * @param file {@code /etc/passwd} or {@code /etc/group}
   */
  static List<Entry> of(Path file) {
    Map<String, String> lines = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(file, ISO_8859_1)) {
        if (line.matches("[a-zA-Z0-9_].*:.*")) {
          lines.putIfAbsent(line.substring(0, line.indexOf(':')), line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines.entrySet().stream()
        .map(line -> Bytes.entry(line.getKey(), line.getValue()))
        .toList();
  }
}
