package org.postern.driver.file.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.postern.spi.TableUnavailableException;

/**
 * Reads a file between two changes of it. A file that is written into while it is read, or was
 * moments before, is read again: half a table would make Postfix bounce mail for the other half.
 */
public final class SettledFile {
  /** For how long nobody must have written when the reading begins. */
  private static final Duration QUIET = Duration.ofMillis(300);

  /** The same on a file system that keeps whole seconds. */
  private static final Duration QUIET_OF_COARSE_CLOCK = Duration.ofSeconds(1).plus(QUIET);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private SettledFile() {}

  /** What makes a table out of a file. */
  public interface Reader<T> {
    T read() throws IOException, TableUnavailableException;
  }

  /**
   * Has the reader read, as often as it takes.
   *
   * @throws TableUnavailableException by the reader, or when the file has not come to rest within
   *     ten seconds
   */
  public static <T> T read(Path file, String name, Reader<T> reader)
      throws IOException, TableUnavailableException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (true) {
      Instant began = Instant.now();
      BasicFileAttributes before = attributes(file);
      if (!isHot(before, began)) {
        T result = reader.read();
        if (isSame(before, attributes(file))) {
          return result;
        }
      }
      if (Instant.now().isAfter(deadline)) {
        throw new TableUnavailableException(
            name
                + ": changed again and again while it was read, for "
                + PATIENCE.toSeconds()
                + " seconds");
      }
      pause();
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  /** Whether the file may be changing. One from the future tells nothing and is taken as it is. */
  private static boolean isHot(BasicFileAttributes file, Instant now) {
    Instant changed = file.lastModifiedTime().toInstant();
    Duration quiet =
        changed.equals(changed.truncatedTo(ChronoUnit.SECONDS)) ? QUIET_OF_COARSE_CLOCK : QUIET;
    return file.isRegularFile() && !changed.isAfter(now) && changed.plus(quiet).isAfter(now);
  }

  private static boolean isSame(BasicFileAttributes one, BasicFileAttributes other) {
    return Objects.equals(one.fileKey(), other.fileKey())
        && one.lastModifiedTime().equals(other.lastModifiedTime())
        && one.size() == other.size();
  }

  private static void pause() throws TableUnavailableException {
    try {
      TimeUnit.MILLISECONDS.sleep(QUIET.toMillis() / 3);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TableUnavailableException("interrupted while waiting for a file to settle", e);
    }
  }
}
