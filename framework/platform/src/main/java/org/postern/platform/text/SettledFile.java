package org.postern.platform.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.postern.platform.libc.FileStatus;
import org.postern.platform.libc.LockableFile;
import org.postern.platform.libc.SystemCallException;
import org.postern.spi.TableUnavailableException;

/**
 * Reads a file between two changes of it. A file that is written into while it is read, or was
 * moments before, is read again: half a table would make Postfix bounce mail for the other half.
 *
 * <p>All of it is read from the file that had the name when this began. Others that take its place
 * meanwhile, however often, do not keep it from coming to rest; whoever watches the name opens the
 * table again.
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
    /**
     * Reads all of it.
     *
     * @param input of the file from its beginning
     */
    T read(InputStream input) throws IOException, TableUnavailableException;
  }

  /**
   * Has the reader read, as often as it takes.
   *
   * @throws IOException in the C library's words, when the file cannot be opened
   * @throws TableUnavailableException by the reader, or when the file has not come to rest within
   *     ten seconds
   */
  public static <T> T read(Path path, String name, Reader<T> reader)
      throws IOException, TableUnavailableException {
    Instant deadline = Instant.now().plus(PATIENCE);
    try (LockableFile file = LockableFile.open(path)) {
      while (true) {
        Instant began = Instant.now();
        FileStatus before = file.status();
        if (before.isFifo()) {
          throw new IOException(SourceFile.IS_A_FIFO);
        }
        if (!isHot(before, began)) {
          T result = reader.read(new FileInput(file));
          if (before.equals(file.status())) {
            return result;
          }
        }
        if (Instant.now().isAfter(deadline)) {
          throw new TableUnavailableException(
              name
                  + ": was written into again and again while it was read, for "
                  + PATIENCE.toSeconds()
                  + " seconds; write another file and rename it");
        }
        pause();
      }
    } catch (SystemCallException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Whether the file may be changing. One from the future tells nothing and is taken as it is. */
  private static boolean isHot(FileStatus file, Instant now) {
    Instant changed = file.modified();
    Duration quiet =
        changed.equals(changed.truncatedTo(ChronoUnit.SECONDS)) ? QUIET_OF_COARSE_CLOCK : QUIET;
    return file.isRegular() && !changed.isAfter(now) && changed.plus(quiet).isAfter(now);
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
