package org.postern.host.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.postern.host.json.RecordJson;

/** Asks a running server at its admin socket: one question for each connection. */
public final class AdminClient {
  private static final int BUFFER = 64 * 1024;

  private AdminClient() {}

  /**
   * Asks, and waits for the answer.
   *
   * @return the answer: JSON of a record that the command names
   * @throws AdminException when the server says why it has none
   * @throws IOException when nobody answers there
   */
  public static String ask(Path socket, AdminRequest request) throws IOException, AdminException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
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

  /** An answer as the record that it is. */
  public static <T extends Record> T read(Class<T> type, String answer) throws IOException {
    return RecordJson.read(type, new ByteArrayInputStream(answer.getBytes(UTF_8)));
  }
}
