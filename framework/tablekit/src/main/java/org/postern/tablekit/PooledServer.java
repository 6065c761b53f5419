package org.postern.tablekit;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.IntSupplier;
import org.postern.spi.BackendServer;
import org.postern.spi.ServerState;
import org.postern.tablekit.HostState.Trouble;

/** A server and its pool of connections, as an operator sees them. */
public final class PooledServer implements BackendServer {
  private final String name;
  private final HostState state;
  private final Semaphore free;
  private final IntSupplier limit;
  private final IntSupplier idle;

  /**
   * @param name without a password
   * @param free has a permit for each connection that nobody uses, made or not
   * @param limit how many connections there may be
   * @param idle how many are made that nobody uses; does not wait
   */
  public PooledServer(String name, HostState state, Semaphore free, int limit, IntSupplier idle) {
    this(name, state, free, () -> limit, idle);
  }

  /** The same for a limit that changes, and the permits with it. */
  public PooledServer(
      String name, HostState state, Semaphore free, IntSupplier limit, IntSupplier idle) {
    this.name = name;
    this.state = state;
    this.free = free;
    this.limit = limit;
    this.idle = idle;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ServerState state() {
    int most = limit.getAsInt();
    return new ServerState(
        Math.max(0, most - free.availablePermits()),
        idle.getAsInt(),
        most,
        free.getQueueLength(),
        state.failures(),
        Optional.ofNullable(state.trouble()).map(Trouble::reason));
  }
}
