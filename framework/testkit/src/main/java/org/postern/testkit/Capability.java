package org.postern.testkit;

/** What a table type can do beyond answering lookups. */
public enum Capability {
  /** {@link org.postern.spi.Table#sequence} walks the table. */
  SEQUENCE,
  /** {@link org.postern.spi.Table#update} stores. */
  UPDATE,
  /** {@link org.postern.spi.Table#delete} removes. */
  DELETE,
  /** {@link org.postern.spi.TableDriver#rebuild} makes a table anew. */
  REBUILD,
  /** {@link org.postern.spi.TableDriver#extend} adds to one. */
  EXTEND
}
