package org.postern.platform.socket;

import java.io.IOException;
import java.nio.file.Path;

/** Another server listens on a socket already. */
public final class SocketInUseException extends IOException {
  private static final long serialVersionUID = 1;

  SocketInUseException(Path path) {
    super(
        path
            + ": another server listens there; stop it first, or set another"
            + " postern_proxymap_socket or postern_proxywrite_socket");
  }
}
