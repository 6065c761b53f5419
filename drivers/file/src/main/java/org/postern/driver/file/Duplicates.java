package org.postern.driver.file;

import java.lang.System.Logger.Level;
import org.postern.platform.text.ByteText;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;

/**
 * What is said of a key that a table has already, when its value is not replaced.
 *
 * @param table as the log shows it
 */
public record Duplicates(String table, System.Logger logger) {

  /**
   * Nothing, a warning, or an error, as the flags say.
   *
   * @param flags {@link TableFlags#DUP_IGNORE}, {@link TableFlags#DUP_WARN} or neither
   */
  public void report(byte[] key, int flags) throws TableUnavailableException {
    if ((flags & TableFlags.DUP_IGNORE) != 0) {
      return;
    }
    String message =
        "%s: duplicate entry: \"%s\"".formatted(table, ByteText.printable(ByteText.of(key)));
    if ((flags & TableFlags.DUP_WARN) == 0) {
      throw new TableUnavailableException(message);
    }
    logger.log(Level.WARNING, message);
  }
}
