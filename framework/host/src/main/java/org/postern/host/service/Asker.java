package org.postern.host.service;

/** The client of a request: one connection. It has one request in hand at a time. */
public interface Asker {

  /** Makes the request in hand wait for its reply. */
  Deferred defer();

  /** Where this client is in the tables it walks through. */
  Cursors cursors();
}
