package org.postern.host.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postern.host.protocol.Greeting;
import org.postern.host.protocol.Reply;
import org.postern.host.protocol.ReplyBuffer;
import org.postern.host.protocol.Request;
import org.postern.host.protocol.RequestFramer;
import org.postern.host.protocol.RequestTooLargeException;
import org.postern.host.service.Asker;
import org.postern.host.service.Cursors;
import org.postern.host.service.Deferred;
import org.postern.host.service.TableService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. Owned by the thread that leads its event loop; what other threads complete comes back
 * through {@link EventLoop#execute}, but for a reply that is all that there is to do: who has it
 * sends it ({@link Turn}), which spares waking the loop. Requests are answered one after the other
 * in the order in which they came; while one waits, those after it wait unread.
 */
final class Connection implements Poller.Ready, Asker {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** While a request waits, or others have their turn, so many later bytes are read and no more. */
  private static final int READ_AHEAD = 64 * 1024;

  /** After so many bytes of replies, or so much time, it is the turn of other connections. */
  private static final int SLICE = 64 * 1024;

  private static final long SLICE_NANOS = Duration.ofNanos(250_000).toNanos();

  /**
   * When the loop is to end, a client has so long for one more request, after whose reply it is
   * sent away: at no other moment it is certain that it is not just about to ask.
   */
  private static final long LAST_REQUEST_NANOS = Duration.ofMillis(100).toNanos();

  /** And so long since it came for its first one: who connects has something to ask. */
  private static final long FIRST_REQUEST_NANOS = Duration.ofSeconds(2).toNanos();

  /** Who is sent away has so long to go. */
  private static final long FAREWELL_NANOS = Duration.ofMillis(200).toNanos();

  private static final Cursors NO_WALKS = new Cursors();
  private static final ThreadLocal<ReplyBuffer> WORKERS_REPLIES =
      ThreadLocal.withInitial(ReplyBuffer::new);

  private final EventLoop loop;
  private final SocketChannel channel;
  private final TableService service;
  private final Runnable whenClosed;
  private final RequestFramer framer;

  private Poller.@Nullable Registration registration;
  private boolean readWanted;
  private boolean writeWanted;
  private final UnsentReplies unsent;
  private final ClientMemory.Share memory;
  private Cursors cursors = new Cursors();
  private int inHandSize;
  private @Nullable Waiting waiting;
  private boolean postponed;
  private boolean clientEnded;
  private boolean closed;
  private final AtomicBoolean counted = new AtomicBoolean();
  private final long came;
  private long lastActive;
  private long requestBegun;
  private boolean hasAsked;
  private boolean sentAway;
  private long sentAwayAt;

  Connection(EventLoop loop, SocketChannel channel, TableService service, Runnable whenClosed) {
    this.loop = loop;
    this.channel = channel;
    this.service = service;
    this.whenClosed = whenClosed;
    this.framer =
        new RequestFramer(
            loop.limits().attributeSize(), loop.limits().requestSize(), loop.pieces());
    this.unsent = new UnsentReplies(loop.pieces());
    this.memory = loop.memory().share(() -> loop.execute(this::giveUp));
    this.came = loop.now();
    this.lastActive = came;
  }

  void open(boolean announce) throws IOException {
    channel.configureBlocking(false);
    registration = loop.poller().register(channel, true, this);
    interest();
    if (announce) {
      send(Greeting.bytes());
    }
  }

  @Override
  public void ready(boolean readable, boolean writable, boolean last) {
    if (closed) {
      return;
    }
    if (loop.isAbandoned()) {
      close();
      return;
    }
    try {
      if (readable && readWanted) {
        read(last);
      }
      if (!closed && writable) {
        flush();
      }
    } catch (IOException | RuntimeException | Error e) {
      closeAfter(e);
    }
  }

  /** Closes the connection: the client has gone, or it cannot be served. */
  private void closeAfter(Throwable problem) {
    try {
      if (problem instanceof IOException) {
        LOG.debug("a client went: {}", problem.getMessage());
      } else {
        LOG.error(
            "a connection is closed because of an internal error: {}", problem.toString(), problem);
      }
    } finally {
      close();
    }
  }

  /**
   * Reads what there is, up to a buffer full.
   *
   * @param last what comes after it will not be told
   */
  private void read(boolean last) throws IOException {
    if (sentAway) {
      readInVain();
      return;
    }
    int count = channel.read(loop.readBuffer().clear());
    if (count < 0) {
      clientEnded = true;
      proceed();
      interest();
      return;
    }
    if (count == 0) {
      return;
    }
    if (!framer.holdsBytes()) {
      requestBegun = loop.now();
    }
    lastActive = loop.now();
    loop.traffic().received(count);
    framer.feed(loop.readBytes(), 0, count);
    if (framer.held() > READ_AHEAD || last || count == loop.readBytes().length) {
      postpone(); // a long request: others first; and there is more to be read
    } else {
      proceed();
    }
    account();
  }

  /** Gives back what is held no more, and says how much memory is held for this client. */
  private void account() {
    if (closed || loop.isAbandoned()) {
      return;
    }
    framer.retain();
    long waits = waiting == null ? 0 : waiting.size;
    memory.set(framer.room() + unsent.held() + waits);
  }

  /** All clients together hold too much, and this one most of it. */
  private void giveUp() {
    if (!closed) {
      LOG.warn(
          "closing the connection of the client for which most bytes are held: for all together"
              + " there are more (postern_client_memory_limit = {} bytes)",
          loop.memory().limit());
      close();
    }
  }

  /** Goes on when others have had their turn; reads no more until then. */
  private void postpone() {
    if (!postponed) {
      postponed = true;
      loop.postpone(this);
      interest();
    }
  }

  /** It is this connection's turn again. */
  void proceedPostponed() {
    postponed = false;
    interest();
    proceedLater();
  }

  /** Goes on with what was read, unless a worker is just sending a reply: then after that. */
  private void proceed() throws IOException {
    while (isWaiting() && !waitingFor().turn.withdraw()) {
      if (waitingFor().turn.tellWhenSent()) {
        return;
      }
    }
    answerAll();
  }

  private void proceedLater() {
    try {
      if (!closed) {
        proceed();
      }
      account();
    } catch (IOException | RuntimeException | Error e) {
      closeAfter(e);
    }
  }

  /** Whether a request waits for its reply. */
  private boolean isWaiting() {
    if (waiting != null && waiting.turn.isSent()) {
      waiting = null;
      lastActive = loop.now();
    }
    return waiting != null;
  }

  private Waiting waitingFor() {
    return Objects.requireNonNull(waiting);
  }

  /** Answers whole requests until one must wait, or it is the turn of others. */
  private void answerAll() throws IOException {
    ReplyBuffer replies = loop.replies();
    replies.clear();
    try {
      long begun = 0;
      while (!isWaiting() && framer.next()) {
        requestBegun = loop.now();
        hasAsked = true;
        Request request = loop.decoder().decode(framer, service.longestTable());
        inHandSize = framer.messageLength();
        Reply reply = answer(request);
        if (reply != null) {
          append(replies, request, reply);
        }
        if (framer.holdsBytes()) { // a client that does not wait for replies
          long now = System.nanoTime();
          begun = begun == 0 ? now : begun;
          if (replies.size() >= SLICE || now - begun >= SLICE_NANOS) {
            postpone();
            break;
          }
        }
      }
    } catch (RequestTooLargeException e) {
      LOG.warn("closing a client's connection: {}", e.getMessage());
      close();
      return;
    }
    if (!replies.isEmpty()) {
      send(replies.view());
    }
    closeIfDone();
    if (loop.isDraining() && hasAsked) {
      sendAwayIfIdle(); // it has its reply, and looks whether we are there before it asks again
    } else if (waiting != null && !clientEnded && unsent.isEmpty() && !framer.holdsBytes()) {
      waiting.turn.offer();
    }
    interest();
  }

  /** Null when the reply comes later. */
  private @Nullable Reply answer(Request request) {
    loop.takeInHand(request);
    try {
      return service.answer(request, this);
    } catch (RuntimeException | Error e) {
      if (waiting != null) {
        abandon(waiting);
      }
      return service.failed(request, e);
    } finally {
      loop.takeInHand(null);
    }
  }

  /** Puts a reply together, or one that says RETRY when that cannot be. */
  private void append(ReplyBuffer replies, Request request, Reply reply) {
    int before = replies.size();
    try {
      replies.append(request.kind(), request.dialect(), reply);
    } catch (RuntimeException | Error e) {
      replies.truncate(before);
      replies.append(request.kind(), request.dialect(), service.failed(request, e));
    }
  }

  @Override
  public Cursors cursors() {
    return cursors;
  }

  @Override
  public Deferred defer() {
    Waiting deferred =
        new Waiting(Objects.requireNonNull(loop.inHand()), inHandSize, System.nanoTime());
    waiting = deferred;
    return deferred;
  }

  @Override
  public boolean takes(Runnable work) {
    return loop.takes(work);
  }

  /** Continues with a request that had to wait, unless its time was up. */
  private void resume(Waiting deferred, @Nullable Reply given) {
    if (waiting != deferred) {
      deferred.orphans.close();
      return;
    }
    waiting = null;
    try {
      inHandSize = deferred.size;
      Reply reply = given != null ? given : answer(deferred.request);
      if (reply == null) {
        Waiting again = waiting;
        if (again != null) {
          again.since = deferred.since;
        }
        return;
      }
      ReplyBuffer replies = loop.replies();
      replies.clear();
      append(replies, deferred.request, reply);
      send(replies.view());
      lastActive = loop.now();
      if (!closed) {
        requestBegun = loop.now(); // the rest of the next one was not waited for until now
        answerAll();
      }
      account();
    } catch (IOException | RuntimeException | Error e) {
      closeAfter(e);
    }
  }

  /** Sends what a worker's reply has more than the socket took. */
  private void sendRest(Waiting deferred, ByteBuffer rest) {
    boolean _ = deferred.turn.sent(); // it is this thread's to go on
    try {
      if (!closed) {
        send(rest);
      }
      proceedLater();
    } catch (IOException | RuntimeException | Error e) {
      closeAfter(e);
    }
  }

  /** Sends what the socket takes and keeps the rest, up to a limit. */
  private void send(ByteBuffer bytes) throws IOException {
    if (unsent.isEmpty()) {
      loop.traffic().sent(UnsentReplies.write(channel, bytes));
    }
    if (!bytes.hasRemaining()) {
      return;
    }
    if (unsent.remaining() + bytes.remaining() > loop.limits().unreadReplies()) {
      LOG.warn(
          "closing a client's connection: it does not read its replies"
              + " (postern_unread_reply_limit = {} bytes)",
          loop.limits().unreadReplies());
      close();
      return;
    }
    unsent.add(bytes);
    interest();
    account();
  }

  private void flush() throws IOException {
    loop.traffic().sent(unsent.writeTo(channel));
    account();
    if (unsent.isEmpty()) {
      lastActive = loop.now();
      interest();
      closeIfDone();
    }
  }

  /** Tells the poller what to look for: the only place that does. */
  private void interest() {
    Poller.Registration registered = registration;
    if (registered == null || closed) {
      return;
    }
    boolean full = postponed || (waiting != null && framer.held() >= READ_AHEAD);
    boolean read = !clientEnded && !full;
    boolean write = !unsent.isEmpty();
    if (read != readWanted || write != writeWanted) {
      readWanted = read;
      writeWanted = write;
      registered.interest(read, write);
    }
  }

  private void closeIfDone() {
    if (!closed && clientEnded && !isWaiting() && !postponed && unsent.isEmpty()) {
      close();
    }
  }

  /** Whether nothing is in hand. */
  private boolean isIdle() {
    return !isWaiting() && !postponed && unsent.isEmpty() && !framer.holdsBytes();
  }

  /**
   * Sends the client away once it is certain, or likely, that it is not just about to ask: what it
   * asks then is lost, and it waits for a second before it asks again.
   *
   * @param begun when the loop began to drain
   * @return whether the connection may be closed
   */
  boolean sendAway(long now, long begun) {
    if (now - begun >= loop.limits().drainTime().toNanos()) {
      close();
    } else if (isIdle() && !sentAway && isTimeToGo(now, begun)) {
      ready(true, false, false);
      sendAwayIfIdle();
    } else if (waiting != null) {
      boolean _ = waiting.turn.withdraw(); // the event loop sends the reply, and the client away
    }
    return closed || (sentAway && now - sentAwayAt >= FAREWELL_NANOS);
  }

  private boolean isTimeToGo(long now, long begun) {
    return now - begun >= LAST_REQUEST_NANOS && (hasAsked || now - came >= FIRST_REQUEST_NANOS);
  }

  /**
   * Has the client see the end of the stream. What it may be sending is not refused: postmap(1)
   * would end at once, by SIGPIPE, and without a word. The request gets no answer, and comes again
   * over another connection.
   */
  private void sendAwayIfIdle() {
    if (closed || sentAway || !isIdle()) {
      return;
    }
    sentAway = true;
    sentAwayAt = loop.now();
    try {
      channel.shutdownOutput();
    } catch (IOException e) {
      closeAfter(e);
    }
  }

  /** Closes the connection of a client that was sent away, and has had time to go. */
  void closeAway() {
    ready(true, false, false); // what is unread would be an error for the client
    close();
  }

  /** Reads what comes too late, until the client goes. */
  private void readInVain() throws IOException {
    int count;
    do {
      count = channel.read(loop.readBuffer().clear());
    } while (count == loop.readBytes().length);
    if (count < 0) {
      close();
    }
  }

  /** Holds the connection to its time limits. */
  void checkTime(long now) {
    if (isWaiting()) {
      Waiting late = waitingFor();
      if (now - late.since >= loop.limits().lookupTime().toNanos() && late.turn.withdraw()) {
        Reply reply = service.tooLate(late.request, now - late.since);
        abandon(late);
        Waiting replaced = new Waiting(late.request, late.size, late.since);
        waiting = replaced;
        resume(replaced, reply);
      }
    } else if (framer.holdsBytes()
        && !postponed
        && now - requestBegun >= loop.limits().requestTime().toNanos()) {
      LOG.warn(
          "closing a client's connection: the rest of a request did not come"
              + " (postern_request_timeout = {} s)",
          loop.limits().requestTime().toSeconds());
      close();
    } else if (now - lastActive >= loop.limits().idleTime().toNanos()) {
      LOG.debug("closing an idle client's connection (ipc_timeout)");
      close();
    }
  }

  /** Waits no longer. A worker may still use the walks; they are closed when it is done. */
  private void abandon(Waiting late) {
    late.abandoned = true;
    late.orphans = cursors;
    cursors = new Cursors();
    waiting = null;
  }

  void close() {
    if (closed) {
      return;
    }
    closed = true;
    countOut();
    framer.release();
    unsent.release();
    loop.forget(this);
    if (registration != null) {
      registration.cancel();
    }
    try {
      if (waiting != null && waiting.turn.withdraw()) {
        abandon(waiting);
      }
      cursors.close();
    } finally {
      closeChannel();
    }
  }

  /** It counts no more, of two threads by the first that comes here. */
  private void countOut() {
    if (counted.compareAndSet(false, true)) {
      memory.set(0);
      whenClosed.run();
    }
  }

  /** Tells the client that it is not served here any more: the loop hangs, who owns all else. */
  void abandonWithLoop() {
    countOut();
    closeChannel();
  }

  private void closeChannel() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a connection: {}", e.getMessage());
    }
  }

  /** The request in hand while its reply is not there. */
  private final class Waiting implements Deferred {
    private final Request request;
    private final int size;
    private final Turn turn = new Turn();
    private long since;
    private Cursors orphans = NO_WALKS;
    private volatile boolean abandoned;

    Waiting(Request request, int size, long since) {
      this.request = request;
      this.size = size;
      this.since = since;
    }

    @Override
    public boolean abandoned() {
      return abandoned;
    }

    @Override
    public void complete(Reply reply) {
      if (turn.take()) {
        send(reply);
      } else {
        loop.execute(() -> resume(this, reply));
      }
    }

    /** Sends the reply from the thread that has it. Whatever happens, its turn ends. */
    private void send(Reply reply) {
      ByteBuffer bytes;
      try {
        ReplyBuffer replies = WORKERS_REPLIES.get();
        replies.clear();
        replies.append(request.kind(), request.dialect(), reply);
        bytes = replies.view();
      } catch (RuntimeException | Error e) {
        leave(() -> resume(this, service.failed(request, e)));
        return;
      }
      try {
        loop.traffic().sentByWorker(UnsentReplies.write(channel, bytes));
        if (bytes.hasRemaining()) {
          ByteBuffer rest = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
          loop.execute(() -> sendRest(this, rest));
        } else if (turn.sent()) {
          loop.execute(Connection.this::proceedLater);
        }
      } catch (IOException e) {
        // The event loop will find the same, and close the connection.
        leave(() -> resume(this, reply));
      } catch (RuntimeException | Error e) {
        // A part of it may have been sent: nothing can follow that.
        leave(() -> closeAfter(e));
      }
    }

    /** Leaves it to the event loop what becomes of the client. */
    private void leave(Runnable task) {
      turn.giveBack();
      loop.execute(task);
    }

    @Override
    public void askAgain() {
      loop.execute(() -> resume(this, null));
    }
  }
}
