package org.postern.driver.sql.pgsql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.net.SocketFactory;
import org.postern.driver.sql.Dialect;
import org.postgresql.PGProperty;
import org.postgresql.core.PGStream;
import org.postgresql.jdbc.GSSEncMode;
import org.postgresql.jdbc.SslMode;
import org.postgresql.ssl.MakeSSL;
import org.postgresql.util.HostSpec;

/**
 * Makes a connection as the C library makes Postfix's: the server is told user, database and
 * character set, and nothing else that the connection string does not have. So its settings and
 * those of the role hold. The JDBC driver would set DateStyle, TimeZone and extra_float_digits, and
 * refuse a server that says otherwise; what it has for sockets, TLS and Kerberos is used here.
 *
 * @param sockets makes the sockets
 * @param properties by the JDBC driver's names: TLS, Kerberos, times
 * @param settings what the server is told, in order
 */
record Startup(
    SocketFactory sockets, Properties properties, Map<String, String> settings, String password) {
  private static final int PROTOCOL = 3 << 16;
  private static final int SSL_REQUEST = 80_877_103;
  private static final int GSSENC_REQUEST = 80_877_104;
  static final int SEND_BUFFER = 8192;
  private static final int REQUEST_LENGTH = 8;
  private static final String REFUSED = "28000";
  private static final String CANNOT_CONNECT = "08001";

  /**
   * Connects to the first of several servers that can be connected to.
   *
   * @param each how long one may be silent
   */
  Frontend connect(List<HostSpec> hosts, Duration each, Duration answerTime) throws SQLException {
    SQLException last = new SQLException("no host", CANNOT_CONNECT);
    for (HostSpec host : hosts) {
      try {
        return connect(host, each, answerTime);
      } catch (IOException e) {
        last = new SQLException("The connection attempt failed.", CANNOT_CONNECT, e);
      } catch (SQLException e) {
        last = e;
      }
    }
    throw last;
  }

  /** With TLS and without, in the order that {@code sslmode} has; the second where it allows. */
  private Frontend connect(HostSpec host, Duration each, Duration answerTime)
      throws IOException, SQLException {
    SslMode mode = SslMode.of(properties);
    try {
      return connect(host, mode, each, answerTime);
    } catch (SQLException e) {
      if (REFUSED.equals(e.getSQLState()) && mode == SslMode.PREFER) {
        return other(host, SslMode.DISABLE, each, answerTime, e);
      }
      if (REFUSED.equals(e.getSQLState()) && mode == SslMode.ALLOW) {
        return other(host, SslMode.REQUIRE, each, answerTime, e);
      }
      throw e;
    } catch (SocketTimeoutException e) {
      if (mode == SslMode.PREFER) {
        return other(host, SslMode.DISABLE, each, answerTime, e);
      }
      throw e;
    }
  }

  private <E extends Exception> Frontend other(
      HostSpec host, SslMode mode, Duration each, Duration answerTime, E first) throws E {
    try {
      return connect(host, mode, each, answerTime);
    } catch (IOException | SQLException e) {
      first.addSuppressed(e);
      throw first;
    }
  }

  private Frontend connect(HostSpec host, SslMode mode, Duration each, Duration answerTime)
      throws IOException, SQLException {
    int millis = (int) each.toMillis();
    PGStream stream = new PGStream(sockets, host, millis, SEND_BUFFER);
    boolean connected = false;
    try {
      stream.setNetworkTimeout(millis);
      stream.getSocket().setKeepAlive(true);
      stream.getSocket().setTcpNoDelay(true);
      Authentication login =
          new Authentication(stream, settings.getOrDefault("user", ""), password, properties);
      if (!encryptedByGss(stream, login)) {
        encrypt(stream, mode);
      }
      stream.setNetworkTimeout(millis);
      sendStartup(stream);
      login.run();
      Duration queryTime = Dialect.Server.queryTime(answerTime);
      Frontend frontend = new Frontend(stream, queryTime, answerTime.minus(queryTime));
      frontend.begin();
      connected = true;
      return frontend;
    } finally {
      if (!connected) {
        stream.close();
      }
    }
  }

  private boolean encryptedByGss(PGStream stream, Authentication login)
      throws IOException, SQLException {
    GSSEncMode mode = GSSEncMode.of(properties);
    if (mode != GSSEncMode.PREFER && mode != GSSEncMode.REQUIRE) {
      return false;
    }
    if (answer(stream, GSSENC_REQUEST) == 'G') {
      login.gss(true);
      return true;
    }
    if (mode == GSSEncMode.REQUIRE) {
      throw new SQLException("gssencmode = require, and the server has none", CANNOT_CONNECT);
    }
    return false;
  }

  private void encrypt(PGStream stream, SslMode mode) throws IOException, SQLException {
    if (mode == SslMode.DISABLE || mode == SslMode.ALLOW) {
      return;
    }
    stream.setNetworkTimeout(PGProperty.SSL_RESPONSE_TIMEOUT.getInt(properties));
    if (answer(stream, SSL_REQUEST) == 'S') {
      MakeSSL.convert(stream, properties);
    } else if (mode.requireEncryption()) {
      throw new SQLException("The server does not support SSL.", "08004");
    }
  }

  private static int answer(PGStream stream, int request) throws IOException {
    stream.sendInteger4(REQUEST_LENGTH);
    stream.sendInteger4(request);
    stream.flush();
    return stream.receiveChar();
  }

  private void sendStartup(PGStream stream) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    List<String> words = new ArrayList<>();
    settings.forEach((name, value) -> words.addAll(List.of(name, value)));
    for (String word : words) {
      body.writeBytes(word.getBytes(UTF_8));
      body.write(0);
    }
    body.write(0);
    stream.sendInteger4(2 * Integer.BYTES + body.size());
    stream.sendInteger4(PROTOCOL);
    stream.send(body.toByteArray());
    stream.flush();
  }
}
