package org.postern.host.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
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
final class Connection implements EventLoop.Ready, Asker {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final Cursors NO_WALKS = new Cursors();
  private static final ThreadLocal<ReplyBuffer> WORKERS_REPLIES =
      ThreadLocal.withInitial(ReplyBuffer::new);

  private final EventLoop loop;
  private final SocketChannel channel;
  private final TableService service;
  private final Runnable whenClosed;
  private final RequestFramer framer;

  private @Nullable SelectionKey key;
  private ByteBuffer unsent = NOTHING;
  private Cursors cursors = new Cursors();
  private @Nullable Request inHand;
  private @Nullable Waiting waiting;
  private boolean clientEnded;
  private boolean closed;
  private long lastActive;
  private long requestBegun;

  Connection(EventLoop loop, SocketChannel channel, TableService service, Runnable whenClosed) {
    this.loop = loop;
    this.channel = channel;
    this.service = service;
    this.whenClosed = whenClosed;
    this.framer = new RequestFramer(loop.limits().attributeSize(), loop.limits().requestSize());
    this.lastActive = loop.now();
  }

  void open(boolean announce) throws IOException {
    channel.configureBlocking(false);
    key = channel.register(loop.selector(), SelectionKey.OP_READ, this);
    if (announce) {
      send(Greeting.bytes());
    }
  }

  @Override
  public void ready(SelectionKey ready) {
    try {
      if (ready.isReadable()) {
        read();
      }
      if (!closed && ready.isWritable()) {
        flush();
      }
    } catch (IOException e) {
      LOG.debug("a client went: {}", e.getMessage());
      close();
    } catch (RuntimeException | Error e) {
      LOG.error("a connection is closed because of an internal error: {}", e.toString(), e);
      close();
    }
  }

  private void read() throws IOException {
    loop.heard(this);
    int count = channel.read(loop.readBuffer().clear());
    if (count < 0) {
      clientEnded = true;
      interest();
      proceed();
      return;
    }
    if (!framer.holdsBytes()) {
      requestBegun = loop.now();
    }
    lastActive = loop.now();
    loop.traffic().received(count);
    framer.feed(loop.readBytes(), 0, count);
    proceed();
    if (!closed) {
      framer.retain();
    }
  }

  /** Goes on with what was read, unless a worker is just sending a reply: then after that. */
  private void proceed() throws IOException {
    if (isWaiting() && !waitingFor().turn.withdraw()) {
      loop.execute(this::proceedLater);
    } else {
      answerAll();
    }
  }

  private void proceedLater() {
    try {
      if (!closed) {
        proceed();
      }
    } catch (IOException e) {
      LOG.debug("a client went: {}", e.getMessage());
      close();
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

  /** Answers whole requests until one must wait, and sends the replies together. */
  private void answerAll() throws IOException {
    ReplyBuffer replies = loop.replies();
    replies.clear();
    try {
      while (!isWaiting() && framer.next()) {
        requestBegun = loop.now();
        Request request = loop.decoder().decode(framer);
        inHand = request;
        Reply reply = service.answer(request, this);
        if (reply != null) {
          replies.append(request.kind(), request.dialect(), reply);
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
    if (!closed) {
      interest();
      closeIfDone();
    }
    if (waiting != null && !clientEnded && !unsent.hasRemaining() && !framer.holdsBytes()) {
      waiting.turn.offer();
    }
  }

  @Override
  public Cursors cursors() {
    return cursors;
  }

  @Override
  public Deferred defer() {
    Waiting deferred = new Waiting(Objects.requireNonNull(inHand), loop.now());
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
      inHand = deferred.request;
      Reply reply = given != null ? given : service.answer(deferred.request, this);
      if (reply == null) {
        Waiting again = waiting;
        if (again != null) {
          again.since = deferred.since;
        }
        return;
      }
      ReplyBuffer replies = loop.replies();
      replies.clear();
      replies.append(deferred.request.kind(), deferred.request.dialect(), reply);
      send(replies.view());
      lastActive = loop.now();
      if (!closed) {
        answerAll();
      }
    } catch (IOException e) {
      LOG.debug("a client went: {}", e.getMessage());
      close();
    }
  }

  /** Sends what a worker's reply has more than the socket took. */
  private void sendRest(Waiting deferred, ByteBuffer rest) {
    deferred.turn.sent();
    try {
      if (!closed) {
        send(rest);
      }
      proceedLater();
    } catch (IOException e) {
      LOG.debug("a client went: {}", e.getMessage());
      close();
    }
  }

  /** Sends what the socket takes and keeps the rest, up to a limit. */
  private void send(ByteBuffer bytes) throws IOException {
    if (!unsent.hasRemaining()) {
      loop.traffic().sent(channel.write(bytes));
    }
    if (!bytes.hasRemaining()) {
      return;
    }
    if ((long) unsent.remaining() + bytes.remaining() > loop.limits().unreadReplies()) {
      LOG.warn(
          "closing a client's connection: it does not read its replies"
              + " (postern_unread_reply_limit = {} bytes)",
          loop.limits().unreadReplies());
      close();
      return;
    }
    int needed = unsent.remaining() + bytes.remaining();
    ByteBuffer room = ByteBuffer.allocate(Math.max(needed, 2 * unsent.remaining()));
    unsent = room.put(unsent).put(bytes).flip();
    interest();
  }

  private void flush() throws IOException {
    loop.traffic().sent(channel.write(unsent));
    if (!unsent.hasRemaining()) {
      unsent = NOTHING;
      lastActive = loop.now();
      interest();
      closeIfDone();
    }
  }

  /** Tells the selector what to look for: the only place that does. */
  private void interest() {
    SelectionKey registered = key;
    if (registered == null || closed) {
      return;
    }
    boolean full = waiting != null && framer.held() > loop.limits().requestSize();
    int wanted =
        (clientEnded || full ? 0 : SelectionKey.OP_READ)
            | (unsent.hasRemaining() ? SelectionKey.OP_WRITE : 0);
    if (registered.interestOps() != wanted) {
      registered.interestOps(wanted);
    }
  }

  private void closeIfDone() {
    if (clientEnded && !isWaiting() && !unsent.hasRemaining()) {
      close();
    }
  }

  /** Whether nothing is in hand. */
  boolean isIdle() {
    return !isWaiting() && !unsent.hasRemaining() && !framer.holdsBytes();
  }

  /** Holds the connection to its time limits. */
  void checkTime(long now) {
    if (isWaiting()) {
      Waiting late = waitingFor();
      if (now - late.since >= loop.limits().lookupTime().toNanos() && late.turn.withdraw()) {
        Reply reply = service.tooLate(late.request, now - late.since);
        abandon(late);
        Waiting replaced = new Waiting(late.request, late.since);
        waiting = replaced;
        resume(replaced, reply);
      }
    } else if (framer.holdsBytes() && now - requestBegun >= loop.limits().requestTime().toNanos()) {
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
    loop.forget(this);
    whenClosed.run();
    if (waiting != null && waiting.turn.withdraw()) {
      abandon(waiting);
    }
    cursors.close();
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a connection: {}", e.getMessage());
    }
  }

  /** The request in hand while its reply is not there. */
  private final class Waiting implements Deferred {
    private final Request request;
    private final Turn turn = new Turn();
    private long since;
    private Cursors orphans = NO_WALKS;
    private volatile boolean abandoned;

    Waiting(Request request, long since) {
      this.request = request;
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

    /** Sends the reply from the thread that has it. */
    private void send(Reply reply) {
      ReplyBuffer replies = WORKERS_REPLIES.get();
      replies.clear();
      replies.append(request.kind(), request.dialect(), reply);
      ByteBuffer bytes = replies.view();
      try {
        loop.traffic().sentByWorker(channel.write(bytes));
      } catch (IOException e) {
        // The event loop will find the same, and close the connection.
        turn.giveBack();
        loop.execute(() -> resume(this, reply));
        return;
      }
      if (bytes.hasRemaining()) {
        ByteBuffer rest = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        loop.execute(() -> sendRest(this, rest));
      } else {
        turn.sent();
      }
    }

    @Override
    public void askAgain() {
      loop.execute(() -> resume(this, null));
    }
  }
}
