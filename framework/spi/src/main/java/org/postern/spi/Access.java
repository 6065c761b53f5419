package org.postern.spi;

/** Which service a table is opened for. */
public enum Access {
  /** The proxymap service: lookup and sequence. */
  READ_ONLY,
  /** The proxywrite service: update and delete too. A missing file is created. */
  READ_WRITE
}
