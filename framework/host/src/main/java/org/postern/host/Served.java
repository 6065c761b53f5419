package org.postern.host;

import java.util.List;
import org.postern.host.approval.Service;
import org.postern.host.service.TableService;
import org.postern.host.table.OpenTables;
import org.postern.platform.socket.ServiceSocket;

/**
 * A service that a host serves.
 *
 * @param tables those that are open
 * @param requests who answers its clients
 * @param sockets where it listens
 */
public record Served(
    Service service, OpenTables tables, TableService requests, List<ServiceSocket> sockets) {}
