package org.postern.spi;

/**
 * The change is made and on disk.
 *
 * @param clearedFlags flags that the client should not set from now on: the try bit that turned out
 *     wrong for this file, else 0
 */
public record Changed(int clearedFlags) implements ChangeResult {
  /** A change that tells nothing about flags. */
  public static final Changed CHANGED = new Changed(0);
}
