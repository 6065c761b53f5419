package org.postern.program.master;

import java.time.Duration;
import org.postern.host.server.Clients;
import org.postern.program.daemon.Daemon;

/**
 * When a child of master(8) has served long enough; master starts another one for the next client.
 *
 * @param maxUse the parameter max_use: so many clients; 0: any number
 * @param maxIdle the parameter max_idle: so long without a client; 0: any time
 */
public record Lifetime(int maxUse, Duration maxIdle) {
  /** A child that goes on for ever. */
  public static final Lifetime UNLIMITED = new Lifetime(0, Duration.ZERO);

  /** Whether it is over. Never while there is a client. */
  public boolean isOver(Daemon daemon) {
    Clients clients = daemon.clients();
    return clients.present() == 0
        && ((maxUse > 0 && clients.served() >= maxUse)
            || (maxIdle.isPositive() && clients.idle().compareTo(maxIdle) >= 0));
  }
}
