package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.DisconnectType;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.NameResolver;
import com.unboundid.ldap.sdk.ReferralConnector;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.util.ssl.TrustAllSSLSocketVerifier;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.postern.driver.ldap.Bind.Sasl;
import org.postern.driver.ldap.Bind.Simple;
import org.postern.platform.socket.StreamSocket;
import org.postern.tablekit.OverdueCalls;

/** Makes connections to servers: reached, protected and bound as the settings ask. */
final class Connector {
  private static final int MOST_NOT_FOLLOWED = 100;

  /** For a UNIX-domain socket, where the library must name a port. */
  private static final int SOME_PORT = 389;

  private final ConnectionSettings settings;
  private final int timeoutMillis;
  private final NameResolver names;
  private final OverdueCalls overdue;

  /** Why other servers could not be reached, by their URLs. */
  private final Map<String, String> notFollowed = new ConcurrentHashMap<>();

  /**
   * @param timeoutMillis how long each of connecting, binding and searching may take
   * @param names finds the addresses of hosts
   * @param overdue breaks off what takes longer although bytes come
   */
  Connector(
      ConnectionSettings settings, int timeoutMillis, NameResolver names, OverdueCalls overdue) {
    this.overdue = overdue;
    this.settings = settings;
    this.timeoutMillis = timeoutMillis;
    this.names = names;
  }

  /**
   * A connection that is ready for searches.
   *
   * @throws LDAPException whose message says what went wrong, in Postfix's words where it has any
   */
  LDAPConnection connect(Server server) throws LDAPException {
    return connect(server, settings.bind());
  }

  /** What is asked over a connection from now on, of which no answer may take longer. */
  OverdueCalls.Call begin(LDAPConnection connection) {
    return overdue.begin(Duration.ofMillis(timeoutMillis), connection::closeWithoutUnbind);
  }

  /** Why a referral could not be followed, if that is known. */
  @Nullable String whyNotFollowed(String url) {
    return notFollowed.get(url);
  }

  private LDAPConnection connect(Server server, Bind bind) throws LDAPException {
    LDAPConnection connection = reach(server);
    try (OverdueCalls.Call _ = begin(connection)) {
      if (settings.tls().start() && server.scheme() != Server.Scheme.LDAPS) {
        startTls(connection, server);
      }
      bind(connection, server, bind);
      return connection;
    } catch (LDAPException | RuntimeException e) {
      connection.setDisconnectInfo(DisconnectType.POOL_CREATION_FAILURE, null, e);
      connection.close();
      throw e;
    }
  }

  private LDAPConnection reach(Server server) throws LDAPException {
    try {
      return switch (server.scheme()) {
        case LDAP -> open(StreamSocket.tcp(), server.host(), server.port());
        case LDAPS -> open(tls(), server.host(), server.port());
        case LDAPI ->
            new LDAPConnection(
                StreamSocket.unix(Path.of(server.host())), options(), "localhost", SOME_PORT);
      };
    } catch (LDAPException e) {
      if (e.getResultCode().equals(ResultCode.PARAM_ERROR)) {
        throw e;
      }
      throw new LDAPException(
          e.getResultCode(), "Can't contact LDAP server " + server + ": " + Reason.of(e), e);
    }
  }

  /** Tries the host's addresses one after the other. */
  private LDAPConnection open(SocketFactory sockets, String host, int port) throws LDAPException {
    long began = System.nanoTime();
    InetAddress[] addresses = addresses(host);
    for (int i = 0; ; i++) {
      int left = timeoutMillis - (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      LDAPConnection connection = new LDAPConnection(sockets, options());
      try {
        connection.connect(host, addresses[i], port, Math.max(1, left));
        return connection;
      } catch (LDAPException e) {
        if (i == addresses.length - 1 || left <= 0) {
          throw e;
        }
      }
    }
  }

  private InetAddress[] addresses(String host) throws LDAPException {
    try {
      return names.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new LDAPException(ResultCode.CONNECT_ERROR, "cannot resolve " + host, e);
    }
  }

  private LDAPConnectionOptions options() {
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    // The thread that asks reads the answer: no other thread, no hand-over.
    options.setUseSynchronousMode(true);
    options.setConnectTimeoutMillis(timeoutMillis);
    options.setResponseTimeoutMillis(timeoutMillis);
    options.setAbandonOnTimeout(false);
    options.setReferralConnector(referrals());
    // The sockets verify by themselves what there is to verify.
    options.setSSLSocketVerifier(TrustAllSSLSocketVerifier.getInstance());
    return options;
  }

  /** Other servers than the configured ones are asked as nobody: they must not see a password. */
  private ReferralConnector referrals() {
    return (LDAPURL url, LDAPConnection _) -> {
      if (OtherServers.isPartition(url)) {
        throw new LDAPException(ResultCode.REFERRAL, "not asked");
      }
      try {
        String host = url.hostProvided() ? url.getHost() : "localhost";
        String named = host.indexOf(':') < 0 ? host : '[' + host + ']';
        LDAPConnection other =
            connect(
                Server.parse(url.getScheme() + "://" + named + ':' + url.getPort(), url.getPort()),
                new Bind.None());
        notFollowed.remove(url.toString());
        return other;
      } catch (IllegalArgumentException e) {
        throw new LDAPException(ResultCode.PARAM_ERROR, url + ": " + e.getMessage(), e);
      } catch (LDAPException e) {
        if (notFollowed.size() < MOST_NOT_FOLLOWED) {
          notFollowed.put(url.toString(), Reason.message(e));
        }
        throw e;
      }
    };
  }

  private TlsSockets tls() throws LDAPException {
    try {
      return new TlsSockets(settings.tls(), timeoutMillis);
    } catch (TlsFiles.UnusableFile e) {
      throw new LDAPException(ResultCode.PARAM_ERROR, e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new LDAPException(ResultCode.LOCAL_ERROR, e.toString(), e);
    }
  }

  private void startTls(LDAPConnection connection, Server server) throws LDAPException {
    TlsSockets sockets = tls();
    try {
      LDAPException refused =
          new LDAPException(
              connection.processExtendedOperation(new StartTLSExtendedRequest(sockets)));
      if (!refused.getResultCode().equals(ResultCode.SUCCESS)) {
        throw refused;
      }
    } catch (LDAPException e) {
      throw new LDAPException(
          e.getResultCode(),
          "Unable to set STARTTLS with server %s: %s: %s"
              .formatted(server, LdapError.text(e), Reason.of(e)),
          e);
    }
  }

  private void bind(LDAPConnection connection, Server server, Bind bind) throws LDAPException {
    try {
      if (bind instanceof Simple(String dn, var password)) {
        connection.bind(new SimpleBindRequest(dn, Bind.bytes(password)));
      } else if (bind instanceof Sasl sasl) {
        new SaslBinds(sasl, settings.protects(server)).bind(connection);
      }
    } catch (LDAPException e) {
      String words = LdapError.parenthesized(e);
      String more = e.getResultCode().isClientSideResultCode() ? ": " + Reason.of(e) : "";
      throw new LDAPException(
          e.getResultCode(),
          "Unable to bind to server %s with dn %s: %s%s".formatted(server, bind.who(), words, more),
          e);
    }
  }
}
