package org.postern.driver.berkeleydb;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.Duplicates;
import org.postern.driver.file.TryBits;
import org.postern.platform.libc.SystemCallException;
import org.postern.spi.BulkLoad;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;

/** What loads of a new table and of one that is there have in common. */
abstract class Load implements BulkLoad {
  private final Path path;
  private final Duplicates duplicates;

  /**
   * @param path of the file
   */
  Load(Path path, System.Logger logger) {
    this.path = path;
    this.duplicates = new Duplicates(path.toString(), logger);
  }

  /** The table, to store one more pair in. */
  abstract TableChanges next() throws CorruptFileException, SystemCallException;

  /** With a NUL after key and value, unless the flags ask for the other form alone. */
  @Override
  public final void put(byte[] key, byte[] value, int flags) throws TableUnavailableException {
    boolean nul = (TryBits.of(flags) & TableFlags.TRY1NULL) != 0;
    try {
      TableChanges table = next();
      if ((flags & TableFlags.DUP_REPLACE) != 0) {
        table.put(Change.inForm(key, nul), Change.inForm(value, nul));
      } else if (!table.add(Change.inForm(key, nul), Change.inForm(value, nul))) {
        duplicates.report(key, flags);
      }
    } catch (CorruptFileException | SystemCallException e) {
      throw unavailable(e.getMessage(), e);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw unavailable("the file refers to bytes that it does not have", e);
    }
  }

  final TableUnavailableException unavailable(@Nullable String reason, Exception cause) {
    return new TableUnavailableException(path + ": " + reason, cause);
  }
}
