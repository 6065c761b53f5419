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
   * neither serves it; a built-in one stays built-in.
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
   * Loads the native libraries, and the driver's own files, that would be loaded when a table is
   * opened or asked. Called, if at all, once and before anything else: by a process that is about
   * to leave the file system it was started in. The plugin's archives stay open, so that classes
   * and resources are found afterwards too.
   *
   * @throws RuntimeException when something is not there; it is logged, and no more comes of it
   */
  @Since("1.2")
  default void preload() {}

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

  /**
   * Begins to make a table anew from nothing, beside the one that is there, if any: whoever reads
   * that one goes on with it until the new one is committed, and finds the old or the new one
   * whole, whatever happens meanwhile. Called on a thread that may wait; so are the methods of what
   * it returns. A new file is the process's own, with mode 0644 less its umask(2); one that is
   * replaced passes on its owner, group and mode.
   *
   * @param opening for {@link Access#READ_WRITE}; has no members
   * @throws TableUnavailableException when the table cannot be written, or is of a type that is not
   *     made from pairs
   */
  @Since("1.1")
  default BulkLoad rebuild(TableOpening opening) throws TableUnavailableException {
    throw unsupported(opening);
  }

  /**
   * Begins to add to a table, which is made if it is not there. Nobody else writes it meanwhile.
   *
   * @param opening as for {@link #rebuild}
   * @throws TableUnavailableException as by {@link #rebuild}
   */
  @Since("1.1")
  default BulkLoad extend(TableOpening opening) throws TableUnavailableException {
    throw unsupported(opening);
  }

  private static TableUnavailableException unsupported(TableOpening opening) {
    return new TableUnavailableException(
        "unsupported dictionary type: "
            + opening.maptype()
            + " does not support bulk-mode creation.");
  }
}
