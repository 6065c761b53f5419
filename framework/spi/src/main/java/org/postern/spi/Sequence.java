package org.postern.spi;

/** A walk through a table. Used by one thread at a time. */
public interface Sequence extends AutoCloseable {

  /** The walk through a table whose type has no order to walk in. */
  Sequence UNSUPPORTED = () -> Retry.SEQUENCE_UNSUPPORTED;

  /** The next entry, or {@link NotFound} after the last one, however often it is asked. */
  SequenceResult next();

  @Override
  default void close() {}
}
