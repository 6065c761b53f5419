package org.postern.operations.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.postern.operations.json.RecordJson;

/** Asks a running server at its admin socket: one question for each connection. */
public final class AdminClient {
  private static final int BUFFER = 64 * 1024;

  /** The status of some ten thousand tables. */
  private static final int LONGEST_ANSWER = 16 * 1024 * 1024;

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private AdminClient() {}

  /** Asks as the other one does, and waits for 15 seconds. */
  public static String ask(Path socket, AdminRequest request) throws IOException, AdminException {
    return ask(socket, request, PATIENCE);
  }

  /**
   * Asks, and waits for the answer. Whoever listens there may be somebody else than Postern: how
   * long the answer takes, and how long it is, has a limit.
   *
   * @param patience until the end of the answer
   * @return the answer: JSON of a record that the command names
   * @throws AdminException when the server says why it has none
   * @throws IOException when nobody answers there, or not as Postern does
   */
  public static String ask(Path socket, AdminRequest request, Duration patience)
      throws IOException, AdminException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (SocketChannel server = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      Thread deadline = Thread.ofVirtual().start(() -> closeLater(server, patience));
      try {
        exchange(server, socket, request, answer);
      } catch (ClosedChannelException e) {
        throw new IOException(
            "no whole answer within %d s (--timeout), %d bytes of it"
                .formatted(patience.toSeconds(), answer.size()),
            e);
      } finally {
        deadline.interrupt();
      }
    }
    if (answer.size() == 0) {
      throw new IOException("the server has closed the connection without an answer");
    }
    String json = answer.toString(UTF_8);
    AdminProblem problem = read(AdminProblem.class, json);
    if (problem.error().isPresent()) {
      throw new AdminException(problem.error().get());
    }
    return json;
  }

  private static void exchange(
      SocketChannel server, Path socket, AdminRequest request, ByteArrayOutputStream answer)
      throws IOException {
    server.connect(UnixDomainSocketAddress.of(socket));
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    RecordJson.writeLine(request, json);
    ByteBuffer bytes = ByteBuffer.wrap(json.toByteArray());
    while (bytes.hasRemaining()) {
      server.write(bytes);
    }
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    while (server.read(buffer) >= 0) {
      answer.write(buffer.array(), 0, buffer.position());
      buffer.clear();
      if (answer.size() > LONGEST_ANSWER) {
        throw new IOException(
            "an answer of more than " + LONGEST_ANSWER + " bytes: that is not Postern's");
      }
    }
  }

  private static void closeLater(SocketChannel server, Duration patience) {
    try {
      Thread.sleep(patience);
      server.close();
    } catch (InterruptedException | IOException inTime) {
      // Nothing is to be closed, or it is.
    }
  }

  /** An answer as the record that it is. */
  public static <T extends Record> T read(Class<T> type, String answer) throws IOException {
    return RecordJson.read(type, new ByteArrayInputStream(answer.getBytes(UTF_8)));
  }
}
