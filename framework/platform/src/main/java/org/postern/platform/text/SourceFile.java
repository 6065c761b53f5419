package org.postern.platform.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/** Finds the files that a table is made of. */
public final class SourceFile {
  private static final String DEFAULT_QUEUE_DIRECTORY = "/var/spool/postfix";

  /** What a name has in place of bytes that are not UTF-8: another file may be called so. */
  private static final char REPLACEMENT = '\ufffd';

  /** The bits of st_mode that tell what kind of file it is: inode(7). */
  private static final int FILE_TYPE = 0xf000;

  private static final int FIFO = 0x1000;

  static final String IS_A_FIFO = "Is a FIFO";

  private SourceFile() {}

  /**
   * The file of this name, watched from now on. A name that does not begin with a slash is relative
   * to {@code queue_directory}: that is where Postfix's daemons run.
   *
   * @param name characters, as the operator wrote them
   * @throws TableUnavailableException when no file can have such a name, or it was not UTF-8
   */
  public static Path watched(String name, TableOpening opening) throws TableUnavailableException {
    Path file = resolve(name, opening);
    opening.watch(file);
    return file;
  }

  /** The same file, not watched. */
  public static Path resolve(String name, TableOpening opening) throws TableUnavailableException {
    String directory = opening.parameters().get("queue_directory").orElse(DEFAULT_QUEUE_DIRECTORY);
    if (name.indexOf(REPLACEMENT) >= 0) {
      throw new TableUnavailableException(
          "open " + name + ": the name is not UTF-8; give the file a name that is");
    }
    try {
      return Path.of(directory).resolve(name);
    } catch (InvalidPathException e) {
      throw new TableUnavailableException("open " + name + ": " + e.getReason(), e);
    }
  }

  /**
   * Opens a file for reading.
   *
   * @throws IOException as the system says, and for a FIFO: who opens one waits for a writer,
   *     perhaps for ever
   */
  public static InputStream open(Path file) throws IOException {
    int mode = (Integer) Files.getAttribute(file, "unix:mode");
    if ((mode & FILE_TYPE) == FIFO) {
      throw new FileSystemException(file.toString(), null, IS_A_FIFO);
    }
    return Files.newInputStream(file);
  }
}
