package org.postern.operations.status;

import java.util.List;

/**
 * One of the two services.
 *
 * @param name {@code proxymap} or {@code proxywrite}
 * @param sockets where it listens
 * @param malformed messages that were no request, or named no table
 */
public record ServiceStatus(String name, String access, List<String> sockets, long malformed) {
  public ServiceStatus {
    sockets = List.copyOf(sockets);
  }
}
