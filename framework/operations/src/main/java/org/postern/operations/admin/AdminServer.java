package org.postern.operations.admin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postern.operations.json.RecordJson;
import org.postern.platform.socket.SocketFile;
import org.postern.platform.socket.SocketInUseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers operators. One thread takes them, each has a virtual thread, and their number and time
 * are bounded. While another server has the socket, one that is ending for example, this one waits
 * for it.
 */
public final class AdminServer implements AutoCloseable {
  /** How many are answered at once; more are told so. */
  static final int MOST_CLIENTS = 8;

  static final int LONGEST_REQUEST = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  /** How long a client may take to send its request, and again to read the answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration RETRY = Duration.ofSeconds(1);

  /** One that is ending takes no longer, by default, than so many times RETRY. */
  private static final int TRIES_UNTIL_WARNING = 15;

  private final AdminSocket socket;
  private final Answers answers;
  private final Duration patience;
  private final Thread thread;
  private final CountDownLatch tried = new CountDownLatch(1);
  private final Semaphore places = new Semaphore(MOST_CLIENTS);

  private @Nullable SocketFile listening;
  private boolean closed;

  /** What requests are answered by; called by several threads at once, and may wait. */
  public interface Answers {
    /**
     * The answer.
     *
     * @throws AdminException when there is none
     */
    Record answer(AdminRequest request) throws AdminException, InterruptedException;
  }

  AdminServer(AdminSocket socket, Answers answers, Duration patience) {
    this.socket = socket;
    this.answers = answers;
    this.patience = patience;
    this.thread = Thread.ofPlatform().name("admin").daemon().unstarted(this::run);
  }

  /** Serves at a socket, or warns that it cannot: that is no reason not to serve mail. */
  public static AdminServer start(AdminSocket socket, Answers answers) {
    return start(socket, answers, PATIENCE);
  }

  static AdminServer start(AdminSocket socket, Answers answers, Duration patience) {
    AdminServer server = new AdminServer(socket, answers, patience);
    server.thread.start();
    try {
      server.tried.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return server;
  }

  private void run() {
    try {
      SocketFile file = bind();
      if (file == null) {
        return;
      }
      LOG.debug("operators are answered at {}", socket);
      tried.countDown();
      take(file);
      file.channel().close();
      socket.remove(file);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{}: no operator is answered: {}", AdminSocket.PARAMETER, e.getMessage());
    } catch (InterruptedException e) {
      LOG.debug("{}: ended while another server had it", socket);
    } finally {
      tried.countDown();
    }
  }

  private @Nullable SocketFile bind() throws IOException, InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        SocketFile file = socket.bind();
        synchronized (this) {
          listening = file;
          if (!closed) {
            return file;
          }
        }
        file.channel().close();
        socket.remove(file);
        return null;
      } catch (SocketInUseException e) {
        tried.countDown();
        if (tries == TRIES_UNTIL_WARNING) {
          LOG.warn("{}: {}; waiting for it to end", AdminSocket.PARAMETER, e.getMessage());
        }
        Thread.sleep(RETRY);
      }
    }
  }

  private void take(SocketFile file) throws InterruptedException {
    while (true) {
      try {
        Client client = new Client(file.channel().accept());
        Thread.ofVirtual().name("admin-client").start(() -> serve(client));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.error("{}: cannot take an operator: {}", socket, e.getMessage());
        Thread.sleep(RETRY);
      }
    }
  }

  private void serve(Client client) {
    try (client) {
      if (client.hasPlace) {
        client.write(answer(client.read()));
      } else {
        client.write(new AdminProblem(Optional.of("too many ask at once: try again")));
        client.channel.shutdownOutput();
        client.read(); // else the client would not read the answer
      }
    } catch (IOException e) {
      LOG.debug("an operator went: {}", e.toString());
    }
  }

  private Record answer(byte[] request) throws IOException {
    try {
      return answers.answer(RecordJson.read(AdminRequest.class, new ByteArrayInputStream(request)));
    } catch (IOException e) {
      return new AdminProblem(Optional.of("not a request: " + e.getMessage()));
    } catch (AdminException e) {
      return new AdminProblem(Optional.of(String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (RuntimeException | Error e) {
      LOG.error("an operator's request failed: {}", e.toString(), e);
      return new AdminProblem(Optional.of("the request failed; the log says how: " + e));
    }
  }

  /**
   * A connection and its place, if one was free. Closing it, which several threads may do, gives
   * the place back first: a client that sees its connection end can come again at once.
   */
  private final class Client implements AutoCloseable {
    final SocketChannel channel;
    final boolean hasPlace = places.tryAcquire();
    private final AtomicBoolean givesPlaceBack = new AtomicBoolean(hasPlace);

    Client(SocketChannel channel) {
      this.channel = channel;
    }

    /** What is sent up to the end of a line. */
    byte[] read() throws IOException {
      try (Deadline _ = new Deadline(this)) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (channel.read(buffer) >= 0) {
          buffer.flip();
          while (buffer.hasRemaining()) {
            byte next = buffer.get();
            if (next == '\n') {
              return request.toByteArray();
            }
            request.write(next);
          }
          buffer.clear();
          if (request.size() > LONGEST_REQUEST) {
            throw new IOException("a request of more than " + LONGEST_REQUEST + " bytes");
          }
        }
        return request.toByteArray();
      }
    }

    void write(Record answer) throws IOException {
      ByteArrayOutputStream json = new ByteArrayOutputStream();
      RecordJson.write(answer, json);
      try (Deadline _ = new Deadline(this)) {
        ByteBuffer bytes = ByteBuffer.wrap(json.toByteArray());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    }

    @Override
    public void close() throws IOException {
      if (givesPlaceBack.getAndSet(false)) {
        places.release();
      }
      channel.close();
    }
  }

  /** Closes the connection of a client that takes too long. */
  private final class Deadline implements AutoCloseable {
    private final Thread closing;

    Deadline(Client client) {
      this.closing = Thread.ofVirtual().name("admin-deadline").start(() -> closeLater(client));
    }

    private void closeLater(Client client) {
      try {
        Thread.sleep(patience);
        client.close();
      } catch (InterruptedException inTime) {
        // Nothing is to be closed.
      } catch (IOException e) {
        LOG.debug("an operator's connection: {}", e.toString());
      }
    }

    @Override
    public void close() {
      closing.interrupt();
    }
  }

  /** Takes no more operators, and removes the socket. Those who are there are still answered. */
  @Override
  public void close() {
    try {
      synchronized (this) {
        closed = true;
        if (listening != null) {
          listening.channel().close();
        } else {
          thread.interrupt();
        }
      }
      thread.join(RETRY);
    } catch (IOException e) {
      LOG.debug("{}: {}", socket, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
