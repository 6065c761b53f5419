package org.postern.driver.sql;

import org.newsclub.net.unix.AFUNIXSocket;

/** UNIX-domain sockets as a {@link java.net.Socket}, which is what the JDBC drivers want. */
public final class UnixSockets {

  private UnixSockets() {}

  /** Loads their library, as {@link Dialect#preload} does. */
  public static void load() {
    if (!AFUNIXSocket.isSupported()) {
      throw new IllegalStateException("no UNIX-domain sockets: junixsocket's library is not there");
    }
  }
}
