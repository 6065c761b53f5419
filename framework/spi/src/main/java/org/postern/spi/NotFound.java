package org.postern.spi;

/** The key is surely not in the table; in a walk: there is nothing more. */
public enum NotFound implements LookupResult, ChangeResult, SequenceResult {
  NOT_FOUND
}
