package org.postern.host.service;

import org.postern.host.protocol.Reply;

/** A request whose reply comes later. Any thread may call. */
public interface Deferred {

  /**
   * Whether nobody waits for the reply any more: the deadline has passed or the client has gone.
   */
  boolean abandoned();

  /**
   * Gives the reply, to be sent in its turn. Once; the first of this and {@link #askAgain} counts.
   */
  void complete(Reply reply);

  /** Has the same request answered anew. */
  void askAgain();
}
