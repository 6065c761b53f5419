package org.postern.driver.berkeleydb;

import org.jspecify.annotations.Nullable;
import org.postern.driver.berkeleydb.libc.StoredFile;
import org.postern.driver.berkeleydb.libc.SystemCallException;

/** The file of a table that is written, and the journal beside it. */
interface TableFiles {

  /** The table, open for reading and writing and, while it is written, exclusively locked. */
  StoredFile table();

  /** Opens the journal for reading, or gives null when there is none. The caller closes it. */
  @Nullable StoredFile openJournal() throws SystemCallException;

  /** Opens the journal for writing; a new one's name is on disk. The caller closes it. */
  StoredFile createJournal() throws SystemCallException;
}
