package org.postern.spi;

import java.util.Objects;

/**
 * One key of a walk and its value, both without a terminating NUL.
 *
 * @param key the key's bytes, not to be changed afterwards
 * @param value the value's bytes, not to be changed afterwards
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy for each entry would be waste
public record Entry(byte[] key, byte[] value) implements SequenceResult {
  public Entry {
    Objects.requireNonNull(key, "Entry without a key");
    Objects.requireNonNull(value, "Entry without a value");
  }
}
