package org.postern.driver.sql.pgsql;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.driver.database.Secret;
import org.postern.driver.database.TableConfig;
import org.postern.driver.sql.HostName;
import org.postern.spi.TableUnavailableException;

/**
 * Where a PostgreSQL server is and who asks it: from a word of {@code hosts}, or a connection URI
 * (PostgreSQL's manual, 34.1.1.2).
 *
 * @param name as the operator wrote it, without a password
 * @param hosts {@code host:port} with commas between, as in a JDBC URL; empty over a socket
 * @param socket the path of the socket
 * @param options further parameters by the names of the JDBC driver
 */
record PgsqlAddress(
    String name,
    String hosts,
    Optional<String> socket,
    String user,
    Secret password,
    String database,
    Map<String, String> options) {
  private static final int PORT = 5432;
  private static final Pattern URI =
      Pattern.compile("(?:postgresql|postgres)://(?:([^@/?]*)@)?([^/?]*)(?:/([^?]*))?(?:\\?(.*))?");

  /**
   * libpq's names of parameters whose meaning the JDBC driver has under another one, or the same.
   */
  private static final Map<String, String> OPTIONS =
      Map.of(
          "sslmode", "sslmode",
          "sslrootcert", "sslrootcert",
          "sslcert", "sslcert",
          "sslkey", "sslkey",
          "application_name", "ApplicationName",
          "options", "options",
          "gssencmode", "gssEncMode",
          "channel_binding", "channelBinding",
          "krbsrvname", "kerberosServerName");

  static boolean isUri(String word) {
    return word.startsWith("postgresql://") || word.startsWith("postgres://");
  }

  static PgsqlAddress of(HostName host, String user, Secret password, String database) {
    int port = host.port() == 0 ? PORT : host.port();
    return new PgsqlAddress(
        host.written(),
        host.isPath() ? "" : hostAndPort(host.host(), port),
        host.isPath() ? Optional.of(socket(host.host(), port)) : Optional.empty(),
        user,
        password,
        database,
        Map.of());
  }

  static PgsqlAddress ofUri(String uri, TableConfig config) throws TableUnavailableException {
    Matcher parts = URI.matcher(uri);
    if (!parts.matches()) {
      throw new TableUnavailableException(
          config.name() + ": hosts has a connection URI that is none: " + withoutPassword(uri));
    }
    Map<String, String> given = new TreeMap<>();
    String userInfo = parts.group(1) == null ? "" : parts.group(1);
    int colon = userInfo.indexOf(':');
    given.put("user", decoded(colon < 0 ? userInfo : userInfo.substring(0, colon)));
    given.put("password", colon < 0 ? "" : decoded(userInfo.substring(colon + 1)));
    given.put("dbname", parts.group(3) == null ? "" : decoded(parts.group(3)));
    if (parts.group(4) != null) {
      for (String pair : parts.group(4).split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          given.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
        }
      }
    }
    String hosts = parts.group(2);
    String directory = given.getOrDefault("host", "");
    String portText = given.getOrDefault("port", "");
    if (decoded(hosts).startsWith("/")) {
      int end = hosts.lastIndexOf(':');
      directory = decoded(end < 0 ? hosts : hosts.substring(0, end));
      portText = end < 0 ? portText : hosts.substring(end + 1);
    }
    int port = port(portText, config);
    Map<String, String> options = new TreeMap<>();
    given.forEach((name, value) -> {
      String known = OPTIONS.get(name);
      if (known != null) {
        options.put(known, value);
      }
    });
    String database = given.getOrDefault("dbname", "");
    return new PgsqlAddress(
        withoutPassword(uri),
        directory.startsWith("/")
            ? ""
            : hosts.isEmpty()
                ? hostAndPort(directory.isEmpty() ? "localhost" : directory, port)
                : hosts,
        directory.startsWith("/") ? Optional.of(socket(directory, port)) : Optional.empty(),
        given.getOrDefault("user", ""),
        new Secret(given.getOrDefault("password", "")),
        database.isEmpty() ? given.getOrDefault("user", "") : database,
        options);
  }

  private static int port(String text, TableConfig config) throws TableUnavailableException {
    try {
      return text.isEmpty() ? PORT : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new TableUnavailableException(
          config.name() + ": bad port in the connection URI of hosts: " + text, e);
    }
  }

  private static String hostAndPort(String host, int port) {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** PostgreSQL names a directory where its socket is; the port is part of the socket's name. */
  private static String socket(String path, int port) {
    return path.contains("/.s.PGSQL.") ? path : path + "/.s.PGSQL." + port;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  static String withoutPassword(String uri) {
    return uri.replaceFirst("(://[^:@/?]*):[^@/]*@", "$1@")
        .replaceAll("password=[^&]*", "password=");
  }
}
