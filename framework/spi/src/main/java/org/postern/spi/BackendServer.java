package org.postern.spi;

/**
 * A server that a table asks, and the connections to it, as an operator wants to see them. Tables
 * that share these connections give the same object. Any thread may call, at any time, also after
 * the table is closed; nothing here waits or connects.
 */
@Since("1.2")
public interface BackendServer {

  /** As an operator knows it, without a password: {@code inet:db.example.com:3306}. */
  String name();

  /** How it and its connections are now. */
  ServerState state();
}
