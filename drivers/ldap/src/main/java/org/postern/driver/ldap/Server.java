package org.postern.driver.ldap;

import java.util.Locale;
import org.postern.tablekit.UriText;

/**
 * One of the servers that {@code server_host} lists: ldap_table(5).
 *
 * @param scheme how to reach it
 * @param host a name or an address, without brackets; for {@link Scheme#LDAPI} the path of a
 *     UNIX-domain socket
 * @param port 1 to 65535; 0 for {@link Scheme#LDAPI}
 */
record Server(Scheme scheme, String host, int port) {
  enum Scheme {
    LDAP(389),
    /** LDAP in TLS from the first byte on. */
    LDAPS(636),
    /** LDAP on a UNIX-domain socket. */
    LDAPI(0);

    private final int defaultPort;

    Scheme(int defaultPort) {
      this.defaultPort = defaultPort;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where slapd listens when a {@code ldapi} URL names no path. */
  private static final String DEFAULT_PATH = "/var/run/slapd/ldapi";

  private static final String SEPARATOR = "://";

  /**
   * Reads one word of {@code server_host}: an LDAP URL, whose DN and what follows it are ignored,
   * or {@code host} or {@code host:port}.
   *
   * @param defaultPort {@code server_port}, for a host without port
   * @throws IllegalArgumentException with words for the operator
   */
  static Server parse(String word, int defaultPort) {
    int end = word.indexOf(SEPARATOR);
    if (end < 0) {
      return named(Scheme.LDAP, word, defaultPort);
    }
    String scheme = word.substring(0, end).toLowerCase(Locale.ROOT);
    String rest = word.substring(end + SEPARATOR.length());
    int path = rest.indexOf('/');
    String host = path < 0 ? rest : rest.substring(0, path);
    return switch (scheme) {
      case "ldap" -> named(Scheme.LDAP, host, Scheme.LDAP.defaultPort);
      case "ldaps" -> named(Scheme.LDAPS, host, Scheme.LDAPS.defaultPort);
      case "ldapi" ->
          new Server(Scheme.LDAPI, host.isEmpty() ? DEFAULT_PATH : UriText.decoded(host), 0);
      default ->
          throw new IllegalArgumentException(
              "unknown URL scheme \"" + scheme + "\": use ldap, ldaps or ldapi");
    };
  }

  private static Server named(Scheme scheme, String hostPort, int defaultPort) {
    int colon = hostPort.lastIndexOf(':');
    int bracket = hostPort.lastIndexOf(']');
    boolean hasPort = colon > bracket;
    String host = hasPort ? hostPort.substring(0, colon) : hostPort;
    int port = hasPort ? port(hostPort.substring(colon + 1)) : checked(defaultPort);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("an IPv6 address needs brackets: [2001:db8::1]:389");
    }
    return new Server(scheme, host.isEmpty() ? "localhost" : host, port);
  }

  private static int port(String digits) {
    try {
      return checked(Integer.parseInt(digits));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("bad port \"" + digits + "\": use 1 to 65535", e);
    }
  }

  private static int checked(int port) {
    if (port < 1 || port > 0xFFFF) {
      throw new IllegalArgumentException("bad port " + port + ": use 1 to 65535");
    }
    return port;
  }

  /** The URL that names this server, for logs. */
  String url() {
    String start = scheme.text() + SEPARATOR;
    if (scheme == Scheme.LDAPI) {
      return start + host.replace("%", "%25").replace("/", "%2F");
    }
    return start + (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
  }

  @Override
  public String toString() {
    return url();
  }
}
