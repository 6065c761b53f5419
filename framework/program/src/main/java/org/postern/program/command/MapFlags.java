package org.postern.program.command;

import org.postern.spi.TableFlags;
import picocli.CommandLine.Option;

/**
 * The options of {@code postern map} that say how tables are opened and made. Of two that exclude
 * each other, the last one counts, as for postmap(1).
 */
final class MapFlags {
  private static final int DUPLICATES =
      TableFlags.DUP_WARN | TableFlags.DUP_IGNORE | TableFlags.DUP_REPLACE;
  private static final int FORMS = TableFlags.TRY0NULL | TableFlags.TRY1NULL;

  private int flags = TableFlags.DUP_WARN | TableFlags.FOLD_FIX;
  private boolean utf8Off;
  private boolean utf8Forced;

  @Option(names = "-f", description = "Does not fold keys to lower case.")
  void caseKept(boolean on) {
    set(on, TableFlags.FOLD_FIX, 0);
  }

  @Option(
      names = "-F",
      description =
          "Values in a source name files: what these hold is stored, in base64. Asked for, or"
              + " listed, values are decoded.")
  void valuesAreFiles(boolean on) {
    set(on, 0, TableFlags.SRC_RHS_IS_FILE);
  }

  @Option(names = "-N", description = "Stores a null character after keys and values.")
  void withNul(boolean on) {
    set(on, FORMS, TableFlags.TRY1NULL);
  }

  @Option(names = "-n", description = "Stores no null character after keys and values.")
  void withoutNul(boolean on) {
    set(on, FORMS, TableFlags.TRY0NULL);
  }

  @Option(
      names = "-r",
      description = "Replaces the value of a key that is there already, without a warning.")
  void replaceDuplicates(boolean on) {
    set(on, DUPLICATES, TableFlags.DUP_REPLACE);
  }

  @Option(names = "-w", description = "Ignores a key that is there already, without a warning.")
  void ignoreDuplicates(boolean on) {
    set(on, DUPLICATES, TableFlags.DUP_IGNORE);
  }

  @Option(names = "-u", description = "Does not look for UTF-8 in keys and values.")
  void utf8Off(boolean on) {
    utf8Off = on;
  }

  @Option(names = "-U", description = "With -b and -h: looks for UTF-8 in keys and values.")
  void utf8Forced(boolean on) {
    utf8Forced = on;
  }

  private void set(boolean on, int off, int added) {
    if (on) {
      flags = (flags & ~off) | added;
    }
  }

  /** The flags without those for UTF-8. */
  int flags() {
    return flags;
  }

  /**
   * Whether UTF-8 is wanted.
   *
   * @param message whether keys are taken from a mail message, in which there may be anything
   */
  boolean wantsUtf8(boolean message) {
    return !utf8Off && (!message || utf8Forced);
  }
}
