package org.postern.driver.berkeleydb;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.SystemCallException;
import org.postern.spi.TableUnavailableException;

/**
 * Adds to a table, which is exclusively locked meanwhile. Each of many pairs are a transaction:
 * what a killed process leaves is sound and has all pairs up to one.
 */
final class Extension extends Load {
  private static final int PAIRS_AT_ONCE = 1000;

  private final String maptype;
  private final FilesOnDisk files;
  private @Nullable Transaction pages;
  private @Nullable TableChanges table;
  private int pairs;
  private boolean committed;

  /**
   * @param path of the file
   * @param files closed with this
   */
  Extension(String maptype, Path path, System.Logger logger, FilesOnDisk files)
      throws SystemCallException, CorruptFileException {
    super(path, logger);
    this.maptype = maptype;
    this.files = files;
    files.lockExclusive();
    next();
  }

  @Override
  TableChanges next() throws CorruptFileException, SystemCallException {
    if (pairs == PAIRS_AT_ONCE) {
      end();
    }
    pairs++;
    if (pages == null || table == null) {
      pages = new Transaction(maptype, files.journal());
      table = TableChanges.of(pages);
    }
    return table;
  }

  private void end() throws SystemCallException {
    Transaction ended = pages;
    if (ended != null) {
      ended.commit();
      giveUp();
    }
  }

  private void giveUp() {
    if (pages != null) {
      pages.close();
    }
    pages = null;
    table = null;
    pairs = 0;
  }

  @Override
  public void commit() throws TableUnavailableException {
    try {
      end();
      files.removeJournal();
      committed = true;
    } catch (SystemCallException e) {
      throw unavailable(e.getMessage(), e);
    }
  }

  /** What was added before something failed stays, and needs no journal. */
  @Override
  public void close() {
    giveUp();
    try {
      if (!committed) {
        files.removeJournal();
      }
    } catch (SystemCallException e) {
      // It stays: the next one to open the table looks at it.
    } finally {
      files.close();
    }
  }
}
