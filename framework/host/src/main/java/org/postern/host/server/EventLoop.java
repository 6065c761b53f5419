package org.postern.host.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postern.host.protocol.Pieces;
import org.postern.host.protocol.ReplyBuffer;
import org.postern.host.protocol.Request;
import org.postern.host.protocol.RequestDecoder;
import org.postern.host.service.TableService;
import org.postern.host.statistics.Traffic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves many clients: reads what they ask, answers what can be answered at once, and sends what
 * others have answered. Whichever of its threads has the {@link Lead} owns the connections, and the
 * buffers that they share. The thread that has read a request can do itself what must be waited
 * for, and another one leads meanwhile, when a client asks for something: nobody need be woken.
 */
final class EventLoop implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
  private static final int READ_SIZE = 64 * 1024;

  /** So many less one can do what must be waited for. */
  private static final int THREADS = 4;

  private static final int LARGE_REPLIES = 1024 * 1024;

  /** How often it is looked whose time is up; more often where lookups have little time. */
  private static final long LONGEST_SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long SHORTEST_SWEEP_NANOS = Duration.ofMillis(100).toNanos();
  private static final int SWEEPS_PER_LOOKUP = 8;

  /** How often it is looked who can be sent away, when the loop is to end. */
  private static final long DRAINING_SWEEP_NANOS = Duration.ofMillis(10).toNanos();

  /** So long connections that have had their turn go on, before it is looked who else asks. */
  private static final long POSTPONED_NANOS = Duration.ofMillis(5).toNanos();

  /** After a turn that has failed. */
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final String name;
  private final Poller poller;
  private final Limits limits;
  private final long sweepNanos;
  private final ClientMemory memory;
  private final List<Thread> threads;
  private final Lead lead;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();

  /** What a thread has learned while another one led. */
  private final Queue<Poller.Events> left = new ConcurrentLinkedQueue<>();

  private final AtomicInteger running = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Deque<Connection> postponed = new ArrayDeque<>();
  private final List<Runnable> atNextSweep = new ArrayList<>();
  private final byte[] readBytes = new byte[READ_SIZE];
  private final ByteBuffer readBuffer = ByteBuffer.wrap(readBytes);
  private final ReplyBuffer replies = new ReplyBuffer(LARGE_REPLIES);
  private final Pieces pieces = new Pieces();
  private final Traffic traffic = new Traffic();
  private final RequestDecoder decoder = new RequestDecoder();

  /** What is being answered, and how often it has turned: for who looks at it from outside. */
  private final AtomicReference<@Nullable Request> inHand = new AtomicReference<>();

  private final AtomicLong turns = new AtomicLong();

  /** Set when this one hangs, and another one serves in its place. */
  private volatile @Nullable EventLoop successor;

  private long now = System.nanoTime();
  private volatile long lastSweep = now;
  private @Nullable Runnable ownWork;
  private volatile boolean hasPostponed;
  private volatile boolean draining;
  private long drainBegun;
  private boolean ended;

  EventLoop(String name, Limits limits, ClientMemory memory) throws IOException {
    this.name = name;
    this.poller = Poller.open();
    this.limits = limits;
    this.sweepNanos =
        Math.clamp(
            limits.lookupTime().toNanos() / SWEEPS_PER_LOOKUP,
            SHORTEST_SWEEP_NANOS,
            LONGEST_SWEEP_NANOS);
    this.memory = memory;
    Thread.Builder builder = Thread.ofPlatform().daemon();
    builder.name(name + "-", 0);
    this.threads = Stream.generate(() -> builder.unstarted(this::run)).limit(THREADS).toList();
    this.lead = new Lead(threads.getFirst(), THREADS);
  }

  String name() {
    return name;
  }

  void start() {
    running.set(threads.size());
    threads.forEach(Thread::start);
  }

  /**
   * Waits until all connections are closed. Work that hangs is not waited for.
   *
   * @return false when they are not by then
   */
  boolean join(Duration atMost) throws InterruptedException {
    return closed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Notes which request is answered now; null for none. */
  void takeInHand(@Nullable Request request) {
    inHand.setOpaque(request);
  }

  /** Which request is answered now. Any thread may ask, and learns of the last change soon. */
  @Nullable Request inHand() {
    return inHand.getOpaque();
  }

  /** How often it has turned so far: at least once a second. Any thread may ask. */
  long turns() {
    return turns.getOpaque();
  }

  /** The thread that leads it. Any thread may ask. */
  Thread thread() {
    return lead.leader();
  }

  Limits limits() {
    return limits;
  }

  /** What is held for the clients of all loops. */
  ClientMemory memory() {
    return memory;
  }

  Poller poller() {
    return poller;
  }

  /** The array behind {@link #readBuffer}. */
  byte[] readBytes() {
    return readBytes;
  }

  ByteBuffer readBuffer() {
    return readBuffer;
  }

  ReplyBuffer replies() {
    return replies;
  }

  Pieces pieces() {
    return pieces;
  }

  Traffic traffic() {
    return traffic;
  }

  RequestDecoder decoder() {
    return decoder;
  }

  /** The time at which this turn of the loop began, as System.nanoTime() gives it. */
  long now() {
    return now;
  }

  /** What another loop does when this one hangs. */
  private static final class Inherited implements Runnable {
    private final EventLoop loop;
    private final Consumer<EventLoop> task;

    Inherited(EventLoop loop, Consumer<EventLoop> task) {
      this.loop = loop;
      this.task = task;
    }

    @Override
    public void run() {
      task.accept(loop);
    }
  }

  /**
   * Gives this loop up, whose thread is in a call that does not come back: its clients' connections
   * are closed, and they connect again. Called by another thread, once.
   *
   * @param next serves from now on
   */
  void abandon(EventLoop next) {
    successor = next;
    for (Runnable task : List.copyOf(tasks)) {
      if (task instanceof Inherited inherited && tasks.remove(inherited)) {
        next.executeAnywhere(inherited.task);
      }
    }
    // Its thread is not interrupted: in an accept(2), that would close the socket of the service.
    // If it comes back, it ends, and closes what it has.
    connections.forEach(Connection::abandonWithLoop);
    lead.end();
  }

  /** Whether another loop serves in the place of this one. Any thread may ask. */
  boolean isAbandoned() {
    return successor != null;
  }

  /** Has something done by this loop, or by the one in its place. Any thread may call. */
  void executeAnywhere(Consumer<EventLoop> task) {
    EventLoop next = successor;
    if (next != null) {
      next.executeAnywhere(task);
      return;
    }
    Inherited inherited = new Inherited(this, task);
    execute(inherited);
    next = successor;
    if (next != null && tasks.remove(inherited)) {
      next.executeAnywhere(task);
    }
  }

  /** Has something done on this loop's thread. Any thread may call. */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (!lead.isMine() && woken.compareAndSet(false, true)) {
      poller.wakeUp();
    }
  }

  /** Has something done on this loop's thread about a second from now. On this loop's thread. */
  void later(Runnable task) {
    atNextSweep.add(task);
  }

  /**
   * Takes work that may wait upon this thread, once what else came with it is done.
   *
   * @return false when no other thread is there to lead meanwhile
   */
  boolean takes(Runnable work) {
    if (ownWork != null || !lead.canLeave()) {
      return false;
    }
    ownWork = work;
    return true;
  }

  /** Has a connection go on when others have had their turn. On this loop's thread. */
  void postpone(Connection connection) {
    postponed.add(connection);
  }

  /** Serves a client from now on. Any thread may call. */
  void serve(SocketChannel channel, TableService service, boolean announce, Runnable whenClosed) {
    executeAnywhere(loop -> loop.serveNow(channel, service, announce, whenClosed));
  }

  private void serveNow(
      SocketChannel channel, TableService service, boolean announce, Runnable whenClosed) {
    Connection connection = new Connection(this, channel, service, whenClosed);
    try {
      if (ended) {
        connection.close();
        return;
      }
      connection.open(announce);
      connections.add(connection);
    } catch (IOException e) {
      LOG.debug("a client went while it was greeted: {}", e.getMessage());
      connection.close();
    }
  }

  void forget(Connection connection) {
    connections.remove(connection);
  }

  /** Ends when every request in hand is answered, or at the deadline. Any thread may call. */
  void drain() {
    execute(() -> {
      draining = true;
      drainBegun = System.nanoTime();
    });
  }

  private void run() {
    Poller.Events events = poller.events();
    boolean oneWaits = !poller.severalMayWait();
    while (!lead.isOver()) {
      if (oneWaits && !lead.take()) {
        lead.rest();
        continue;
      }
      awaitClients(events);
      if (oneWaits || lead.take()) {
        lead(events);
      } else {
        if (!events.isEmpty()) {
          left.add(events.handOver());
        }
        if (lead.take()) {
          lead(events);
        } else {
          lead.rest();
        }
      }
    }
    poller.wakeUp(); // the next one that waits
    if (running.decrementAndGet() == 0) {
      closePoller();
    }
  }

  private void awaitClients(Poller.Events events) {
    lead.beginWaiting();
    try {
      await(events, hasMore() ? 0 : untilSweep());
    } finally {
      lead.endWaiting();
    }
  }

  /** Has the calling thread, which has the lead, serve until there is nothing to do but to wait. */
  private void lead(Poller.Events events) {
    do {
      Runnable work = turns(events);
      if (ended || isAbandoned()) {
        closeAll();
        lead.end();
        closed.countDown();
        if (work != null) {
          runTask(work); // a backend counts it
        }
        return;
      }
      if (work != null) {
        leaveFor(work);
        return;
      }
      lead.giveBack();
      // What another thread has left since.
    } while (hasMore() && lead.take());
  }

  private void leaveFor(Runnable work) {
    lead.leave();
    if (hasMore()) {
      poller.wakeUp();
    }
    runTask(work);
    // Else the next channel that this thread uses would be closed.
    Thread.interrupted();
    lead.comeBack();
  }

  /** Whether it ends when its clients have gone. */
  boolean isDraining() {
    return draining;
  }

  /** Milliseconds. */
  private int untilSweep() {
    long every = draining ? DRAINING_SWEEP_NANOS : sweepNanos;
    long rest = lastSweep + every - System.nanoTime();
    return rest <= 0 ? 0 : (int) Duration.ofNanos(rest).toMillis() + 1;
  }

  private boolean hasMore() {
    return !tasks.isEmpty() || !left.isEmpty() || hasPostponed;
  }

  /** Serves until there is no more, or until there is work that this thread is to do. */
  private @Nullable Runnable turns(Poller.Events events) {
    turn(events);
    while (!ended && ownWork == null && hasMore()) {
      await(events, 0);
      turn(events);
    }
    Runnable work = ownWork;
    ownWork = null;
    return work;
  }

  private static void await(Poller.Events events, int milliseconds) {
    try {
      events.await(milliseconds);
    } catch (IOException e) {
      LOG.error("cannot wait for clients: {}", e.getMessage());
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void turn(Poller.Events events) {
    if (isAbandoned()) {
      ended = true;
      return;
    }
    turns.setOpaque(turns.getPlain() + 1);
    try {
      turnOnce(events);
    } catch (RuntimeException | Error e) {
      // Whatever it is, for want of memory for example: other clients wait for the next turn.
      log(e);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void turnOnce(Poller.Events events) {
    woken.set(false); // before the tasks are taken, so that none comes unnoticed
    now = System.nanoTime();
    dispatch(events);
    for (Poller.Events more = left.poll(); more != null; more = left.poll()) {
      dispatch(more);
    }
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      runTask(task);
    }
    if (!postponed.isEmpty()) {
      goOn();
    }
    if (now - lastSweep >= sweepNanos || draining) {
      lastSweep = now;
      sweep();
    }
    hasPostponed = !postponed.isEmpty();
  }

  private static void dispatch(Poller.Events events) {
    while (!events.isEmpty()) {
      try {
        events.dispatch();
      } catch (RuntimeException | Error e) {
        log(e);
      }
    }
  }

  /** Each of those that wait has one more turn, or as many of them as there is time for. */
  private void goOn() {
    long begun = System.nanoTime();
    for (int i = postponed.size(); i > 0; i--) {
      Connection next = postponed.remove();
      runTask(next::proceedPostponed);
      if (System.nanoTime() - begun >= POSTPONED_NANOS) {
        return;
      }
    }
  }

  private static void runTask(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log(e);
    }
  }

  /** Nothing that comes of logging may end the loop. */
  private static void log(Throwable problem) {
    try {
      LOG.error("event loop: {}", problem.toString(), problem);
    } catch (RuntimeException | Error e) {
      // It cannot be said.
    }
  }

  private void sweep() {
    List<Runnable> due = List.copyOf(atNextSweep);
    atNextSweep.clear();
    due.forEach(EventLoop::runTask);
    pieces.sweep();
    for (Connection connection : new ArrayList<>(connections)) {
      connection.checkTime(now);
    }
    if (draining) {
      sendAway();
    }
    ended = draining && connections.isEmpty();
  }

  /** Has every client go, as soon as it is served. The connections of all are closed together. */
  private void sendAway() {
    boolean allMayClose = true;
    for (Connection connection : new ArrayList<>(connections)) {
      allMayClose &= connection.sendAway(now, drainBegun);
    }
    if (allMayClose) {
      new ArrayList<>(connections).forEach(Connection::closeAway);
    }
  }

  private void closeAll() {
    new ArrayList<>(connections).forEach(Connection::close);
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      runTask(task);
    }
  }

  /** The last of the threads does so: others might be waiting. */
  private void closePoller() {
    try {
      poller.close();
    } catch (IOException e) {
      LOG.warn("cannot stop waiting for clients: {}", e.getMessage());
    }
  }
}
