package org.postern.driver.berkeleydb;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.StoredFile;
import org.postern.platform.libc.SystemCallException;

/** The file of a table and the journal beside it. They stay open: nobody closes what this gives. */
interface TableFiles {

  /** The table, locked; while it is written, open for writing and exclusively locked. */
  StoredFile table();

  /** The journal for reading, or null when there is none. */
  @Nullable StoredFile openJournal() throws SystemCallException;

  /** The journal for writing; a new one's name is on disk. */
  StoredFile createJournal() throws SystemCallException;

  /** Another one whenever the system was started since, so that what was not on disk is lost. */
  UUID systemStart();
}
