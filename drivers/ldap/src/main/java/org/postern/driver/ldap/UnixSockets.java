package org.postern.driver.ldap;

import java.io.File;
import java.net.SocketException;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketFactory;

/** Sockets that connect to one UNIX-domain socket, whatever host and port they are told. */
final class UnixSockets extends AFUNIXSocketFactory {
  /** For callers that must name a port. */
  static final int SOME_PORT = 389;

  private final File path;

  UnixSockets(String path) {
    this.path = new File(path);
  }

  @Override
  public boolean isHostnameSupported(String host) {
    return true;
  }

  @Override
  public AFUNIXSocketAddress addressFromHost(String host, int port) throws SocketException {
    return AFUNIXSocketAddress.of(path);
  }
}
