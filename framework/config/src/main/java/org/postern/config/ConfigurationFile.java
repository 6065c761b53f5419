package org.postern.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/** Reads a configuration file whole, and not while somebody writes it. */
final class ConfigurationFile {
  private static final int MOST_ATTEMPTS = 5;

  private ConfigurationFile() {}

  /**
   * The content as a byte string, or empty when there is no such file.
   *
   * @throws ConfigurationException when it cannot be read
   */
  static Optional<String> read(Path file) {
    try {
      FileTime before = Files.getLastModifiedTime(file);
      for (int attempt = 1; ; attempt++) {
        String content = Files.readString(file, ISO_8859_1);
        FileTime after = Files.getLastModifiedTime(file);
        if (after.equals(before) || attempt == MOST_ATTEMPTS) {
          return Optional.of(content);
        }
        before = after;
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ConfigurationException("open " + file + ": " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException
        ? "Permission denied"
        : String.valueOf(e.getMessage());
  }
}
