package org.postern.spi;

import java.util.Objects;

/**
 * The key is in the table.
 *
 * @param value the value's bytes, without a terminating NUL; not to be changed afterwards. The
 *     reply ends at the first NUL in it, as Postfix's strings do
 * @param clearedFlags flags that the client should not set from now on: the try bit that turned out
 *     wrong for this file, else 0
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy for each lookup would be waste
public record Found(byte[] value, int clearedFlags) implements LookupResult {

  public Found {
    Objects.requireNonNull(value, "Found without a value: say NotFound");
  }

  public Found(byte[] value) {
    this(value, 0);
  }
}
