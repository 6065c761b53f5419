package org.postern.program.map;

import org.postern.spi.TableFlags;

/**
 * How tables are opened, and made.
 *
 * @param flags {@link TableFlags}: what becomes of duplicates, in which form keys are stored and
 *     looked for, and what is done about text
 * @param utf8 whether UTF-8 is active
 * @param asOwner whether root makes a table as the owner of its source
 * @param modeOfSource whether a new table can be read by those only who can read its source
 */
public record MapOptions(int flags, boolean utf8, boolean asOwner, boolean modeOfSource) {

  /** Whether values in a source name files, and values in a table are in base64. */
  boolean valuesAreFiles() {
    return (flags & TableFlags.SRC_RHS_IS_FILE) != 0;
  }
}
