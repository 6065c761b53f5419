package org.postern.driver.sql.pgsql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postern.driver.sql.QueryConversation;
import org.postern.platform.text.ByteText;
import org.postgresql.core.PGStream;

/**
 * A connection to a PostgreSQL server over which queries go as Postfix's go: as the text of a
 * simple query, one message there and the rows as text back. Nothing is named or set at the server,
 * so that a pooler between may take another connection of its own for each query. Used by one
 * thread at a time.
 */
final class Frontend implements QueryConversation {
  private static final int CANCEL_REQUEST = 80_877_102;
  private static final int CANCEL_REQUEST_LENGTH = 16;
  private static final String QUERY_CANCELED = "57014";
  private static final String PROTOCOL_VIOLATION = "08P01";
  private static final String CONNECTION_FAILURE = "08006";
  private static final String NO_CONNECTION = "08003";

  /** Nothing of a mail system's is longer; a server cannot make us reserve more. */
  private static final int LONGEST_MESSAGE = 1 << 26;

  /** A connection that has answered a moment ago is taken for one that is there. */
  private static final long SURELY_THERE = Duration.ofSeconds(10).toNanos();

  private final PGStream stream;
  private final Duration queryTime;
  private final Duration graceTime;
  private final Map<String, String> settings = new HashMap<>();
  private byte[] cancelKey = {};
  private long answered = System.nanoTime();
  private long begun = answered;
  private boolean canceled;
  private boolean unusable;
  private volatile boolean closed;

  /**
   * @param stream past authentication
   * @param queryTime how long a query may take before the server is asked to give it up
   * @param graceTime how long the server may then take
   */
  Frontend(PGStream stream, Duration queryTime, Duration graceTime) {
    this.stream = stream;
    this.queryTime = queryTime;
    this.graceTime = graceTime;
  }

  /** Reads what comes between authentication and the first query. */
  void begin() throws IOException, SQLException {
    Reply answer = new Reply();
    try {
      finish(answer);
    } catch (IOException e) {
      if (answer.error == null) {
        throw e;
      }
    }
    if (answer.error != null) {
      throw answer.error;
    }
    stream.setNetworkTimeout((int) queryTime.toMillis());
  }

  /** What the server says that a setting is, as far as it tells by itself; or empty. */
  String setting(String name) {
    return settings.getOrDefault(name, "");
  }

  @Override
  public boolean backslashEscapes() {
    return "off".equals(settings.get("standard_conforming_strings"));
  }

  /** As with the C library, the result of the last statement counts. */
  @Override
  public Answer ask(String sql) throws SQLException {
    if (closed || unusable) {
      throw new SQLException("the connection has ended", NO_CONNECTION);
    }
    Reply answer = new Reply();
    canceled = false;
    begun = System.nanoTime();
    try {
      exchange(sql, answer);
      if (answer.status != 'I') {
        // A transaction of one lookup is nothing to the next.
        exchange("ROLLBACK", new Reply());
      }
    } catch (IOException e) {
      unusable = true;
      if (answer.error != null) {
        throw answer.error; // the server's last words
      }
      throw new SQLException(
          e.getMessage() == null ? e.toString() : e.getMessage(), CONNECTION_FAILURE, e);
    }
    if (canceled) {
      afterCancel(answer.error);
    }
    if (answer.error != null) {
      throw answer.error;
    }
    List<String> values = answer.last;
    if (values == null) {
      throw new SQLException("an empty query");
    }
    return Answer.of(values);
  }

  /** A request to cancel that has found nothing to cancel could still hit the next query. */
  private void afterCancel(@Nullable SQLException error) throws SQLException {
    if (error == null || !QUERY_CANCELED.equals(error.getSQLState())) {
      unusable = true;
      return;
    }
    setTimeout(queryTime);
    throw new SQLException(
        "the query was canceled since it took longer than "
            + queryTime.toMillis() / 1000.0
            + " s, nine tenths of postern_lookup_timeout",
        QUERY_CANCELED,
        error);
  }

  private void setTimeout(Duration time) throws SQLException {
    try {
      stream.setNetworkTimeout((int) time.toMillis());
    } catch (IOException e) {
      unusable = true;
      throw new SQLException(e.toString(), CONNECTION_FAILURE, e);
    }
  }

  /**
   * Sends a query and reads the whole answer. Where that does not come to its end, for want of
   * memory for example, the connection is of no use: the rest would be the next query's.
   */
  private void exchange(String sql, Reply answer) throws IOException, SQLException {
    unusable = true;
    send(sql);
    finish(answer);
    unusable = false;
  }

  private void send(String sql) throws IOException {
    byte[] bytes = ByteText.bytes(sql);
    stream.sendChar('Q');
    stream.sendInteger4(Integer.BYTES + bytes.length + 1);
    stream.send(bytes);
    stream.sendChar(0);
    stream.flush();
  }

  /** What has come for one query. */
  private static final class Reply {
    private @Nullable List<String> rows;
    private @Nullable List<String> last;
    private @Nullable SQLException error;
    private int status = 'I';
  }

  /** Reads messages up to the one that says that the server is ready for the next query. */
  private void finish(Reply answer) throws IOException, SQLException {
    while (true) {
      int type = nextType();
      int length = stream.receiveInteger4() - Integer.BYTES;
      if (length < 0 || length > LONGEST_MESSAGE) {
        unusable = true;
        throw new SQLException("a message of " + length + " bytes", PROTOCOL_VIOLATION);
      }
      switch (type) {
        case 'T' -> {
          answer.rows = new ArrayList<>();
          stream.skip(length);
        }
        case 'D' -> row(answer.rows);
        case 'C' -> {
          List<String> rows = answer.rows;
          answer.last = rows == null ? List.of() : rows;
          answer.rows = null;
          stream.skip(length);
        }
        case 'E' -> answer.error = ServerError.of(stream.receive(length));
        case 'S' -> setting(stream.receive(length));
        case 'K' -> cancelKey = stream.receive(length);
        case 'G', 'W' -> {
          stream.skip(length);
          stream.sendChar('f'); // there is nothing to copy from
          stream.sendInteger4(Integer.BYTES + 1);
          stream.sendChar(0);
          stream.flush();
        }
        case 'H' -> {
          answer.error = new SQLException("COPY is no lookup");
          stream.skip(length);
        }
        case 'Z' -> {
          answer.status = stream.receiveChar();
          answered = System.nanoTime();
          return;
        }
        case 'I', 'N', 'A', 'd', 'c', 'v' -> stream.skip(length);
        default -> {
          unusable = true;
          throw new SQLException(
              "not a message of a PostgreSQL server: type " + type, PROTOCOL_VIOLATION);
        }
      }
    }
  }

  private void row(@Nullable List<String> rows) throws IOException, SQLException {
    if (rows == null) {
      unusable = true;
      throw new SQLException("a row without its description", PROTOCOL_VIOLATION);
    }
    int columns = stream.receiveInteger2();
    for (int i = 0; i < columns; i++) {
      int length = stream.receiveInteger4();
      rows.add(length <= 0 ? "" : new String(stream.receive(length), ISO_8859_1));
    }
  }

  private void setting(byte[] body) {
    String text = new String(body, ISO_8859_1);
    int end = text.indexOf('\0');
    if (end > 0) {
      settings.put(text.substring(0, end), ByteText.untilNul(text.substring(end + 1)));
    }
  }

  /** The type of the next message. Where none comes in time, the server is told to give up. */
  private int nextType() throws IOException {
    try {
      if (!canceled && cancelKey.length > 0 && System.nanoTime() - begun > queryTime.toNanos()) {
        giveUp(); // rows come, but slowly
      }
      return stream.receiveChar();
    } catch (SocketTimeoutException e) {
      if (canceled || cancelKey.length == 0) {
        throw e;
      }
      giveUp();
      return stream.receiveChar();
    }
  }

  private void giveUp() throws IOException {
    canceled = true;
    cancel();
    stream.setNetworkTimeout((int) graceTime.toMillis());
  }

  /** Asks over a connection of its own, as PQcancel does; a pooler passes it on. */
  private void cancel() throws IOException {
    try (PGStream other =
        new PGStream(
            stream.getSocketFactory(),
            stream.getHostSpec(),
            (int) graceTime.toMillis(),
            Startup.SEND_BUFFER)) {
      other.setNetworkTimeout((int) graceTime.toMillis());
      other.sendInteger4(CANCEL_REQUEST_LENGTH + cancelKey.length - 2 * Integer.BYTES);
      other.sendInteger4(CANCEL_REQUEST);
      other.send(cancelKey);
      other.flush();
      other.receiveEOF();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** Whether a query can be asked; asks the server if that has not answered for a while. */
  boolean isValid(Duration atMost) {
    if (closed || unusable) {
      return false;
    }
    if (System.nanoTime() - answered < SURELY_THERE) {
      return true;
    }
    try {
      setTimeout(atMost);
      canceled = true; // nothing that would be worth it
      exchange("", new Reply());
      setTimeout(queryTime);
      return !unusable;
    } catch (IOException | SQLException e) {
      unusable = true;
      return false;
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends the connection; says so to the server if that takes no time. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (stream) {
      if (!unusable) {
        stream.sendChar('X');
        stream.sendInteger4(Integer.BYTES);
        stream.flush();
      }
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  /** Ends it at once, even while another thread waits for an answer. */
  void abort() {
    closed = true;
    try {
      stream.getSocket().close();
    } catch (IOException e) {
      // There is nothing more to be done.
    }
  }
}
