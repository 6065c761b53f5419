package org.postern.driver.sql.pgsql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.ByteText;
import org.postgresql.PGProperty;
import org.postgresql.core.PGStream;
import org.postgresql.gss.MakeGSS;
import org.postgresql.shaded.com.ongres.scram.client.ScramClient;
import org.postgresql.shaded.com.ongres.scram.common.StringPreparation;
import org.postgresql.shaded.com.ongres.scram.common.exception.ScramException;
import org.postgresql.shaded.com.ongres.scram.common.util.TlsServerEndpoint;
import org.postgresql.util.MD5Digest;

/**
 * Says to a server who we are, in the way that it asks for: PostgreSQL's manual, "Start-up" in
 * "Message Flow". The ways themselves are those of the JDBC driver.
 */
final class Authentication {
  private static final String REFUSED = "28000";
  private static final int LONGEST_MESSAGE = 1 << 16;
  private static final int MOST_ITERATIONS = 100_000;

  private final PGStream stream;
  private final String user;
  private final String password;
  private final Properties properties;
  private @Nullable ScramClient scram;
  private boolean serverIsProven;

  Authentication(PGStream stream, String user, String password, Properties properties) {
    this.stream = stream;
    this.user = user;
    this.password = password;
    this.properties = properties;
  }

  /**
   * Goes through with it.
   *
   * @throws SQLException with the server's SQLSTATE when it refuses
   */
  void run() throws IOException, SQLException {
    while (true) {
      int type = stream.receiveChar();
      int length = stream.receiveInteger4() - Integer.BYTES;
      if (length < 0 || length > LONGEST_MESSAGE) {
        throw new SQLException("no PostgreSQL server: a message of " + length + " bytes", "08P01");
      }
      switch (type) {
        case 'E' -> throw ServerError.of(stream.receive(length));
        case 'N', 'v' -> stream.skip(length);
        case 'R' -> {
          if (isDone(stream.receiveInteger4(), length - Integer.BYTES)) {
            return;
          }
        }
        default -> throw new SQLException("no PostgreSQL server: message of type " + type, "08P01");
      }
    }
  }

  private boolean isDone(int request, int length) throws IOException, SQLException {
    switch (request) {
      case 0 -> {
        requireBindingIfAsked();
        stream.setFinishedAuthenticationRequests();
        return true;
      }
      case 3 -> send(endedByNul(ByteText.bytes(passwordThatIsThere())));
      case 5 ->
          send(
              endedByNul(
                  MD5Digest.encode(
                      user.getBytes(UTF_8),
                      ByteText.bytes(passwordThatIsThere()),
                      stream.receive(length))));
      case 7, 9 -> gss(false);
      case 10 -> begin(Arrays.asList(new String(stream.receive(length), UTF_8).split("\0")));
      case 11 -> goOn(new String(stream.receive(length), UTF_8));
      case 12 -> end(new String(stream.receive(length), UTF_8));
      default ->
          throw new SQLException("the server wants a way to log in that is not known: " + request);
    }
    return false;
  }

  /** By Kerberos, with the ticket of the user that this process runs as. */
  void gss(boolean encrypted) throws IOException, SQLException {
    MakeGSS.authenticate(
        encrypted,
        stream,
        stream.getHostSpec().getHost(),
        user,
        password.isEmpty() ? null : passwordInCharacters().toCharArray(),
        PGProperty.JAAS_APPLICATION_NAME.getOrDefault(properties),
        PGProperty.KERBEROS_SERVER_NAME.getOrDefault(properties),
        PGProperty.USE_SPNEGO.getBoolean(properties),
        PGProperty.JAAS_LOGIN.getBoolean(properties),
        PGProperty.GSS_USE_DEFAULT_CREDS.getBoolean(properties),
        false);
  }

  /** For ways in which the client makes something of the characters. */
  private String passwordInCharacters() throws SQLException {
    String characters = ByteText.decodeUtf8(passwordThatIsThere());
    if (characters == null) {
      throw new SQLException(
          "the password is not UTF-8: save the file that it stands in in UTF-8", REFUSED);
    }
    return characters;
  }

  private String passwordThatIsThere() throws SQLException {
    if (password.isEmpty()) {
      throw new SQLException("the server wants a password, and there is none", REFUSED);
    }
    return password;
  }

  private static byte[] endedByNul(byte[] text) {
    return Arrays.copyOf(text, text.length + 1);
  }

  private void send(byte[] body) throws IOException {
    stream.sendChar('p');
    stream.sendInteger4(Integer.BYTES + body.length);
    stream.send(body);
    stream.flush();
  }

  private void begin(List<String> mechanisms) throws IOException, SQLException {
    try {
      ScramClient client =
          ScramClient.builder()
              .advertisedMechanisms(mechanisms.stream().filter(name -> !name.isEmpty()).toList())
              .username("*") // the server takes the one that it knows already
              .password(passwordInCharacters().toCharArray())
              .channelBinding(TlsServerEndpoint.TLS_SERVER_END_POINT, binding())
              .stringPreparation(StringPreparation.POSTGRESQL_PREPARATION)
              .build();
      scram = client;
      byte[] name = endedByNul(client.getScramMechanism().getName().getBytes(UTF_8));
      byte[] first = client.clientFirstMessage().toString().getBytes(UTF_8);
      stream.sendChar('p');
      stream.sendInteger4(Integer.BYTES + name.length + Integer.BYTES + first.length);
      stream.send(name);
      stream.sendInteger4(first.length);
      stream.send(first);
      stream.flush();
    } catch (IllegalArgumentException e) {
      throw failed(e);
    }
  }

  private void goOn(String serverFirst) throws IOException, SQLException {
    try {
      ScramClient client = begun();
      if (client.serverFirstMessage(serverFirst).getIterationCount() > MOST_ITERATIONS) {
        throw new SQLException(
            "SCRAM: the server wants more than " + MOST_ITERATIONS + " iterations", REFUSED);
      }
      send(client.clientFinalMessage().toString().getBytes(UTF_8));
    } catch (ScramException | IllegalStateException | IllegalArgumentException e) {
      throw failed(e);
    }
  }

  private void end(String serverFinal) throws SQLException {
    try {
      begun().serverFinalMessage(serverFinal);
      serverIsProven = true;
    } catch (ScramException | IllegalStateException | IllegalArgumentException e) {
      throw failed(e);
    }
  }

  private ScramClient begun() throws SQLException {
    ScramClient client = scram;
    if (client == null) {
      throw new SQLException("SCRAM: the server goes on with what was not begun", "08P01");
    }
    return client;
  }

  private static SQLException failed(Exception e) {
    return new SQLException("SCRAM: " + e.getMessage(), REFUSED, e);
  }

  private boolean bindingIs(String wanted) {
    return wanted.equals(PGProperty.CHANNEL_BINDING.getOrDefault(properties));
  }

  /** {@code channel_binding = require} is not fulfilled by a server that lets us in otherwise. */
  private void requireBindingIfAsked() throws SQLException {
    ScramClient client = scram;
    if (client != null && !serverIsProven) {
      throw new SQLException("SCRAM: the server has not shown that it knows the password", REFUSED);
    }
    if (bindingIs("require") && (client == null || !client.getScramMechanism().isPlus())) {
      throw new SQLException(
          "channel_binding = require, and the server does not offer it", REFUSED);
    }
  }

  /** What ties the login to this TLS connection; empty without TLS. */
  private byte[] binding() throws SQLException {
    if (bindingIs("disable") || !(stream.getSocket() instanceof SSLSocket tls)) {
      return new byte[0];
    }
    try {
      Certificate[] chain = tls.getSession().getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate certificate
          ? TlsServerEndpoint.getChannelBindingData(certificate)
          : new byte[0];
    } catch (CertificateEncodingException | SSLPeerUnverifiedException e) {
      throw failed(e);
    }
  }
}
