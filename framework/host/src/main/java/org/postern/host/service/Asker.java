package org.postern.host.service;

/** The client of a request: one connection. It has one request in hand at a time. */
public interface Asker {

  /** Makes the request in hand wait for its reply. */
  Deferred defer();

  /**
   * Does work that may wait with the thread that asks, if it can be spared, once this turn is over:
   * that is sooner than another one can be woken.
   *
   * @return false when it cannot
   */
  boolean takes(Runnable work);

  /** Where this client is in the tables it walks through. */
  Cursors cursors();
}
