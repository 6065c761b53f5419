package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.DefaultNameResolver;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.Version;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Backend;
import org.postern.spi.BackendServer;
import org.postern.tablekit.HostLimits;
import org.postern.tablekit.HostState;
import org.postern.tablekit.HostState.Condition;
import org.postern.tablekit.HostState.Trouble;
import org.postern.tablekit.OverdueCalls;
import org.postern.tablekit.SharedPools;

/**
 * A directory as some tables see it: its servers, and the few connections to them. The first server
 * that answers is asked, as ldap_table(5) says of {@code server_host}; one that has failed is left
 * alone until a check in the background finds it well. Any thread may call.
 */
final class Directory implements SharedPools.Pool {
  /** How long a server that refuses us, by a wrong password for example, is left alone. */
  private static final Duration REFUSED = Duration.ofSeconds(1);

  /** What is done on a connection. */
  interface Question<R> {
    /**
     * The answer.
     *
     * @throws LDAPException when there is no answer; of which {@link LdapError#connectionLost} ones
     *     make the question be asked once more, from its beginning
     */
    R ask(LDAPConnection connection) throws LDAPException;
  }

  private record Host(ServerPool pool, HostState state, BackendServer shown) {}

  private final Backend backend;
  private final List<Host> hosts;
  private final Connector connector;
  private final OverdueCalls overdue = new OverdueCalls();
  private final long lookupNanos;

  /** How long a lookup may take on one connection: it ends before its worker would be given up. */
  private final Duration longest;

  private final int timeoutMillis;
  private final String who;

  Directory(ConnectionSettings settings, HostLimits limits, System.Logger logger) {
    this.lookupNanos = limits.lookupTimeout().toNanos();
    this.longest = Duration.ofNanos(limits.lookupTimeout().toNanos() / 10 * 9);
    long most = limits.lookupTimeout().toMillis();
    long own = settings.timeoutSeconds() > 0 ? settings.timeoutSeconds() * 1000L : most;
    this.timeoutMillis = (int) Math.min(own, most);
    this.connector =
        new Connector(settings, timeoutMillis, DefaultNameResolver.getInstance(), overdue);
    this.hosts =
        settings.servers().stream()
            .map(server ->
                new ServerPool(server, connector, limits.poolSize(), timeoutMillis, logger))
            .map(pool -> host(pool, logger))
            .toList();
    this.who = settings.bind().who();
    String urls = settings.servers().stream().map(Server::url).collect(Collectors.joining(","));
    this.backend = new Backend("ldap:" + urls + " as " + who, limits.poolSize());
  }

  private Host host(ServerPool pool, System.Logger logger) {
    String name = pool.server().url();
    HostState state = new HostState(name, REFUSED, pool::check, logger);
    return new Host(pool, state, pool.shown(state));
  }

  Backend backend() {
    return backend;
  }

  /** What an operator sees of its servers. */
  List<BackendServer> servers() {
    return hosts.stream().map(Host::shown).toList();
  }

  /**
   * What a connection is made with, and to whom, for an operator.
   *
   * @throws LookupFailedException when no server can be reached
   */
  List<String> describe() throws LookupFailedException, LDAPException {
    return List.of(
        "by: UnboundID LDAP SDK " + Version.NUMERIC_VERSION_STRING, "to: " + ask(this::shown));
  }

  /** Where a connection leads, how, and as whom. */
  String shown(LDAPConnection connection) {
    SSLSession tls = connection.getSSLSession();
    return "%s, %s, as %s"
        .formatted(
            connection.getConnectionPoolName(),
            tls == null ? "without TLS" : "with " + tls.getProtocol() + ", " + tls.getCipherSuite(),
            who);
  }

  /** Why a server's reference to another one could not be followed, if that is known. */
  @Nullable String whyNotFollowed(String url) {
    return connector.whyNotFollowed(url);
  }

  /** How long a lookup may take, with all of its searches. */
  long lookupNanos() {
    return lookupNanos;
  }

  /** How long an operation may take. */
  int timeoutMillis() {
    return timeoutMillis;
  }

  /**
   * Asks the first server that answers. A connection that turns out to be dead is replaced, by one
   * to another server if need be, and the question asked again.
   *
   * @throws LookupFailedException when no server can be reached, or none did answer
   * @throws LDAPException what the server answered instead of success, with the connection intact
   */
  <R> R ask(Question<R> question) throws LookupFailedException, LDAPException {
    long began = System.currentTimeMillis();
    boolean again = false;
    while (true) {
      Host host = first();
      LDAPConnection connection = connect(host, again);
      if (connection == null) {
        continue;
      }
      boolean isNew = connection.getConnectTime() >= began;
      try {
        R answer = inTime(connection, question);
        host.pool().giveBack(connection);
        return answer;
      } catch (LDAPException e) {
        boolean lost = LdapError.connectionLost(e.getResultCode());
        if (!lost && !isTimeout(e)) {
          host.pool().giveBack(connection);
          throw e;
        }
        if (lost
            && isNew
            && LdapError.mayBeOneTooMany(e)
            && host.pool().discardAsOneTooMany(connection, e)) {
          continue;
        }
        host.pool().discard(connection);
        if (isTimeout(e)) {
          // Where others got their answers meanwhile, it is this question that takes long.
          if (!host.pool().isAnswering()) {
            host.state().failed(new Trouble(trouble(host, e), false));
          }
          throw new LookupFailedException("Search error " + LdapError.text(e));
        }
        if (isNew) {
          host.state().failed(new Trouble(trouble(host, e), false));
          if (again) {
            throw new LookupFailedException("Search error " + LdapError.text(e));
          }
        }
        again = true;
      } catch (RuntimeException | Error e) {
        host.pool().discard(connection);
        throw e;
      }
    }
  }

  /**
   * A server that sends a byte now and then shall not keep a worker longer than a lookup may take.
   */
  private <R> R inTime(LDAPConnection connection, Question<R> question) throws LDAPException {
    try (OverdueCalls.Call call = overdue.begin(longest, connection::closeWithoutUnbind)) {
      try {
        return question.ask(connection);
      } catch (LDAPException e) {
        throw call.isBrokenOff()
            ? new LDAPException(ResultCode.TIMEOUT, "the answer comes too slowly", e)
            : e;
      }
    }
  }

  /**
   * One search of a question. Its answer counts by itself: a question of many searches that is
   * broken off for its length is no fault of the server's.
   */
  SearchResult search(LDAPConnection connection, SearchRequest request) throws LDAPException {
    SearchResult result = connection.search(request);
    for (Host host : hosts) {
      if (host.pool().server().url().equals(connection.getConnectionPoolName())) {
        host.pool().answered();
      }
    }
    return result;
  }

  private static String trouble(Host host, LDAPException e) {
    return "lost server %s: %s: %s"
        .formatted(host.pool().server(), LdapError.text(e), Reason.of(e));
  }

  private static boolean isTimeout(LDAPException e) {
    return e.getResultCode().equals(ResultCode.TIMEOUT);
  }

  private Host first() throws LookupFailedException {
    for (Host host : hosts) {
      if (host.state().condition() != Condition.FAILED) {
        return host;
      }
    }
    String troubles =
        hosts.stream()
            .map(host -> host.state().trouble())
            .filter(Objects::nonNull)
            .map(Trouble::reason)
            .distinct()
            .collect(Collectors.joining("; "));
    throw new LookupFailedException(troubles.isEmpty() ? "no server answered just now" : troubles);
  }

  private static @Nullable LDAPConnection connect(Host host, boolean fresh)
      throws LookupFailedException {
    try {
      return host.pool().take(fresh);
    } catch (LDAPException e) {
      host.pool().closeIdle();
      boolean refused = !LdapError.connectionLost(e.getResultCode()) && !isTimeout(e);
      host.state().failed(new Trouble(Reason.message(e), refused));
      return null;
    }
  }

  @Override
  public void close() {
    for (Host host : hosts) {
      host.state().close();
      host.pool().close();
    }
  }
}
