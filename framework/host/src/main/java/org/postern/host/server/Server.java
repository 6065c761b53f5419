package org.postern.host.server;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postern.host.service.TableService;
import org.postern.host.statistics.Traffic;
import org.postern.platform.log.ThreadPlace;
import org.postern.platform.socket.ServiceSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loops and the sockets they serve. */
public final class Server {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  /** For a loop that has come to the end of its time. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Limits limits;
  private final List<EventLoop> loops;
  private final List<Acceptor> acceptors = new ArrayList<>();
  private final Clients clients = new Clients();
  private final ClientMemory memory;
  private @Nullable LoopWatch watch;
  private volatile boolean oneHangs;

  /**
   * Makes the loops, which serve nobody yet.
   *
   * @param loopCount how many threads serve clients
   */
  public Server(Limits limits, int loopCount) throws IOException {
    this.limits = limits;
    this.memory = new ClientMemory(limits.clientMemory());
    List<EventLoop> made = new ArrayList<>();
    for (int i = 0; i < loopCount; i++) {
      made.add(new EventLoop("event-loop-" + i, limits, memory));
    }
    this.loops = new CopyOnWriteArrayList<>(made);
  }

  /** Serves a service's clients at a socket. Before {@link #start}. */
  public void serve(ServiceSocket socket, TableService service, boolean announce)
      throws IOException {
    Acceptor acceptor =
        new Acceptor(socket, service, announce, loops, clients, limits.connections());
    acceptors.add(acceptor);
    acceptor.register(loops.getFirst());
  }

  /** Serves a client that is connected already. */
  public void serve(SocketChannel client, TableService service, boolean announce)
      throws IOException {
    client.configureBlocking(false);
    if (clients.come(limits.connections())) {
      loops.getFirst().serve(client, service, announce, clients::go);
    }
  }

  /**
   * Begins to serve.
   *
   * @param plugin the id of the plugin that serves a maptype, for the log
   * @param offTheLoops has a table, {@code type:name}, asked by workers from now on
   */
  public void start(Function<String, Optional<String>> plugin, Consumer<String> offTheLoops) {
    loops.forEach(EventLoop::start);
    watch = new LoopWatch(loops, limits.lookupTime(), plugin, offTheLoops, this::replace);
    watch.start();
  }

  /** Puts another loop in the place of one that hangs, whose clients connect again. */
  private EventLoop replace(EventLoop hanging) throws IOException {
    oneHangs = true;
    EventLoop next = new EventLoop(hanging.name(), limits, memory);
    int place = loops.indexOf(hanging);
    loops.set(place, next);
    if (place == 0) {
      for (Acceptor acceptor : acceptors) {
        acceptor.register(next);
      }
    }
    hanging.abandon(next);
    next.start();
    return next;
  }

  /** Does something when every loop has ended what it was at when this was called. */
  public void afterTurn(Runnable action) {
    AtomicInteger remaining = new AtomicInteger(loops.size());
    for (EventLoop loop : loops) {
      loop.executeAnywhere(_ -> {
        if (remaining.decrementAndGet() == 0) {
          action.run();
        }
      });
    }
  }

  public Clients clients() {
    return clients;
  }

  /** How many clients there may be. */
  public int clientLimit() {
    return limits.connections();
  }

  /** What is held for all clients. */
  public ClientMemory clientMemory() {
    return memory;
  }

  /** What each loop has read and written. */
  public List<Traffic> traffic() {
    return loops.stream().map(EventLoop::traffic).toList();
  }

  /** Takes no more clients, and goes on serving those who are there. Waits until that is so. */
  public void stopListening() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    // On the thread that accepts: so nobody is accepted and then forgotten.
    loops
        .getFirst()
        .executeAnywhere(_ -> {
          acceptors.forEach(Acceptor::stop);
          stopped.countDown();
        });
    if (!stopped.await(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
      acceptors.forEach(Acceptor::abandon);
    }
  }

  /**
   * Takes no more clients, answers the requests in hand, and ends. Waits for that.
   *
   * @return false when a loop still hangs in a table, or has been given up for that
   */
  public boolean drain() throws InterruptedException {
    stopListening();
    loops.forEach(EventLoop::drain);
    Duration limit = limits.drainTime().plus(GRACE);
    for (EventLoop loop : loops) {
      if (!loop.join(limit)) {
        oneHangs = true;
        LOG.error("an event loop does not end: it is at {}", ThreadPlace.of(loop.thread()));
      }
    }
    LoopWatch watching = watch;
    if (watching != null) {
      watching.close();
    }
    return !oneHangs;
  }
}
