package org.postern.driver.sql.pgsql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.driver.sql.HostName;
import org.postern.platform.text.ByteText;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.Secret;
import org.postern.tablekit.TableConfig;
import org.postern.tablekit.UriText;
import org.postgresql.util.HostSpec;

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
  static final int PORT = 5432;

  /** Hosts with ports, as a URI has them. No parameter of libpq's has this name. */
  private static final String HOSTS = "//";

  private static final Pattern WORD =
      Pattern.compile(
          "\\s*(\\w+)\\s*=\\s*(?:'((?:[^'\\\\]|\\\\.)*)'|((?:[^\\s\\\\']|\\\\.)*))(?:\\s+|$)");
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
    return of(withoutPassword(uri), givenByUri(parts, "hosts", config), new Secret(""), config);
  }

  private static Map<String, String> givenByUri(Matcher parts, String parameter, TableConfig config)
      throws TableUnavailableException {
    try {
      return givenByUri(parts);
    } catch (IllegalArgumentException e) {
      throw new TableUnavailableException(
          "%s: %s has a connection URI that cannot be read: %s: %s"
              .formatted(config.name(), parameter, withoutPassword(parts.group()), e.getMessage()),
          e);
    }
  }

  private static Map<String, String> givenByUri(Matcher parts) {
    Map<String, String> given = new TreeMap<>();
    String userInfo = parts.group(1) == null ? "" : parts.group(1);
    int colon = userInfo.indexOf(':');
    given.put("user", UriText.decoded(colon < 0 ? userInfo : userInfo.substring(0, colon)));
    given.put("password", colon < 0 ? "" : UriText.decoded(userInfo.substring(colon + 1)));
    given.put("dbname", parts.group(3) == null ? "" : UriText.decoded(parts.group(3)));
    if (parts.group(4) != null) {
      for (String pair : parts.group(4).split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          given.put(
              UriText.decoded(pair.substring(0, equals)),
              UriText.decoded(pair.substring(equals + 1)));
        }
      }
    }
    String hosts = parts.group(2);
    if (UriText.decoded(hosts).startsWith("/")) {
      int end = hosts.lastIndexOf(':');
      given.put("host", UriText.decoded(end < 0 ? hosts : hosts.substring(0, end)));
      if (end >= 0) {
        given.put("port", hosts.substring(end + 1));
      }
    } else if (!hosts.isEmpty()) {
      given.put(HOSTS, hosts);
    }
    return given;
  }

  /** Whether {@code dbname} is a connection string, as PQsetdbLogin takes it. */
  static boolean isConnectionString(String dbname) {
    return dbname.indexOf('=') >= 0 || isUri(dbname);
  }

  /**
   * A server of the list with a connection string where the database's name is asked: what the
   * table says otherwise (host, port, user, password) has precedence, as in PQsetdbLogin.
   */
  static PgsqlAddress of(
      HostName host, String user, Secret password, String dbname, TableConfig config)
      throws TableUnavailableException {
    if (!isConnectionString(dbname)) {
      return of(host, user, password, dbname);
    }
    Map<String, String> given;
    if (isUri(dbname)) {
      Matcher parts = URI.matcher(dbname);
      if (!parts.matches()) {
        throw bad(config, dbname);
      }
      given = givenByUri(parts, "dbname", config);
      given.remove(HOSTS);
    } else {
      given = givenByWords(dbname, config);
    }
    given.put("host", host.host());
    if (host.port() != 0) {
      given.put("port", Integer.toString(host.port()));
    }
    if (!user.isEmpty()) {
      given.put("user", user);
    }
    return of(host.written(), given, password, config);
  }

  /** {@code keyword = value} pairs: PostgreSQL's manual, 34.1.1.1. */
  private static Map<String, String> givenByWords(String text, TableConfig config)
      throws TableUnavailableException {
    Map<String, String> given = new TreeMap<>();
    Matcher word = WORD.matcher(text);
    int at = 0;
    while (word.find(at) && word.start() == at) {
      String value = word.group(2) != null ? word.group(2) : word.group(3);
      given.put(word.group(1), value.replaceAll("(?s)\\\\(.)", "$1"));
      at = word.end();
    }
    if (!text.substring(at).isBlank()) {
      throw bad(config, "(a password may be in it)");
    }
    return given;
  }

  private static TableUnavailableException bad(TableConfig config, String text) {
    return new TableUnavailableException(
        config.name()
            + ": dbname is neither a name nor a connection string that can be read: "
            + withoutPassword(text));
  }

  /**
   * The address that a connection string gives, by libpq's names.
   *
   * @param password of the table's own, which has precedence
   */
  private static PgsqlAddress of(
      String name, Map<String, String> given, Secret password, TableConfig config)
      throws TableUnavailableException {
    String hosts = given.getOrDefault(HOSTS, "");
    String directory = given.getOrDefault("host", "");
    String portText = given.getOrDefault("port", "");
    int port = port(portText, config);
    Map<String, String> options = new TreeMap<>();
    given.forEach((parameter, value) -> {
      String known = OPTIONS.get(parameter);
      if (known != null) {
        options.put(known, value);
      }
    });
    String database = given.getOrDefault("dbname", "");
    return new PgsqlAddress(
        name,
        directory.startsWith("/")
            ? ""
            : hosts.isEmpty()
                ? hostAndPort(directory.isEmpty() ? "localhost" : directory, port)
                : hosts,
        directory.startsWith("/") ? Optional.of(socket(directory, port)) : Optional.empty(),
        given.getOrDefault("user", ""),
        password.value().isEmpty() ? bytes(given.getOrDefault("password", "")) : password,
        database.isEmpty() ? given.getOrDefault("user", "") : database,
        options);
  }

  /** The servers to be tried, in order. */
  List<HostSpec> hostSpecs() {
    List<HostSpec> specs = new ArrayList<>();
    for (String word : hosts.split(",", -1)) {
      int colon = word.lastIndexOf(':');
      boolean hasPort = colon > word.lastIndexOf(']');
      String host = hasPort ? word.substring(0, colon) : word;
      String port = hasPort ? word.substring(colon + 1) : "";
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      }
      specs.add(new HostSpec(host, port.isEmpty() ? PORT : Integer.parseInt(port)));
    }
    return specs;
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

  private static Secret bytes(String characters) {
    return new Secret(ByteText.of(characters.getBytes(StandardCharsets.UTF_8)));
  }

  static String withoutPassword(String uri) {
    return uri.replaceFirst("(://[^:@/?]*):[^@/]*@", "$1@")
        .replaceAll("password=[^&]*", "password=");
  }
}
