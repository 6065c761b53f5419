package org.postern.spi;

import java.util.Set;

/**
 * Opens the lookup tables of one or more types. One instance lives as long as the daemon and is
 * called from several threads at once.
 */
public interface TableDriver {

  /**
   * The table types that this driver serves, as they stand before the first colon of {@code
   * type:name}: lower case letters, digits and underscores. When two plugins claim one maptype,
   * neither serves it.
   */
  Set<String> maptypes();

  /**
   * The instance flags (see {@link TableFlags}) that make a difference when a table of this type is
   * opened. The host opens a table once for all clients whose flags differ in others only, and
   * {@link TableOpening#instanceFlags()} holds no others. None by default.
   */
  default int instanceFlags() {
    return 0;
  }

  /**
   * Opens a table. Called on a thread that may wait, never twice at once for the same table and
   * flags. A table whose source changes is opened anew beside the old one, which goes on serving
   * until the new one is open.
   *
   * @throws TableUnavailableException when the table cannot be opened now: clients get RETRY, the
   *     reason is logged, and the host tries again after a while and whenever a watched file
   *     changes
   */
  Table open(TableOpening opening) throws TableUnavailableException;
}
