package org.postern.host.server;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.host.service.TableService;
import org.postern.platform.socket.ServiceSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the clients of one service's socket and deals them out to the event loops. Owned by the
 * loop whose poller it is registered with.
 */
final class Acceptor {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

  /** So that a crowd of new clients doesn't keep those who are there from their turn. */
  private static final int AT_ONCE = 64;

  private final ServiceSocket socket;
  private final TableService service;
  private final boolean announce;
  private final List<EventLoop> loops;
  private final Clients clients;
  private final int connectionLimit;

  private volatile @Nullable EventLoop owner;
  private volatile boolean stopped;
  private volatile Poller.@Nullable Registration registration;
  private int nextLoop;
  private boolean full;

  /**
   * @param loops one may be replaced at any time
   * @param clients those of all acceptors
   */
  Acceptor(
      ServiceSocket socket,
      TableService service,
      boolean announce,
      List<EventLoop> loops,
      Clients clients,
      int connectionLimit) {
    this.socket = socket;
    this.service = service;
    this.announce = announce;
    this.loops = loops;
    this.clients = clients;
    this.connectionLimit = connectionLimit;
  }

  /** Has a loop take clients from now on, on its thread or before it has started. */
  void register(EventLoop loop) throws IOException {
    owner = loop;
    Poller.Registration made =
        loop.poller().register(socket.channel(), false, (_, _, _) -> accept(loop));
    registration = made;
    made.interest(true, false);
  }

  /**
   * Takes no more clients. Those who have connected are taken if nobody else will: at a socket that
   * was handed down, the next process does. On the owner's thread.
   */
  void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    Poller.Registration cancelled = registration;
    if (cancelled != null) {
      cancelled.cancel();
    }
    try (socket) {
      if (socket.path().isPresent()) {
        socket.removeFile();
        while (acceptOne()) {
          LOG.debug("{}: a client has come just before the end", socket);
        }
      }
    } catch (IOException e) {
      LOG.warn("{}: cannot stop listening: {}", socket, e.getMessage());
    }
  }

  /** Takes no more clients, when its owner does not come to {@link #stop}. */
  void abandon() {
    stopped = true;
    try {
      socket.close();
    } catch (IOException e) {
      LOG.warn("{}: cannot stop listening: {}", socket, e.getMessage());
    }
  }

  /** False when nobody waits. */
  private boolean acceptOne() throws IOException {
    SocketChannel client = socket.channel().accept();
    if (client == null) {
      return false;
    }
    take(client);
    return true;
  }

  private void accept(EventLoop loop) {
    if (stopped || !loop.equals(owner)) {
      return; // that loop was given up, and another one takes clients
    }
    try {
      for (int i = 0; i < AT_ONCE; i++) {
        if (!acceptOne()) {
          return;
        }
      }
    } catch (ClosedChannelException e) {
      LOG.debug("{}: nobody listens any more", socket);
    } catch (IOException e) {
      LOG.error("{}: cannot take a client: {}", socket, e.getMessage());
      pause(loop);
    }
  }

  private void take(SocketChannel client) throws IOException {
    if (!clients.come(connectionLimit)) {
      if (!full) {
        LOG.warn(
            "{}: turning clients away (postern_connection_limit = {})", socket, connectionLimit);
      }
      full = true;
      client.close();
      return;
    }
    full = false;
    loops.get(nextLoop).serve(client, service, announce, clients::go);
    nextLoop = (nextLoop + 1) % loops.size();
  }

  /** No descriptor is left, most likely: asking again at once would only burn the processor. */
  private void pause(EventLoop loop) {
    Poller.Registration paused = registration;
    if (paused != null) {
      paused.interest(false, false);
      loop.later(() -> paused.interest(true, false));
    }
  }
}
