package org.postern.driver.ldap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.Secret;
import org.postern.tablekit.TableConfig;

/** Reads those of a table's parameters that say how to connect: ldap_table(5). */
final class ConnectionFile {
  private static final int VERSION = 3;
  private static final int LOWEST_VERSION = 2;
  private static final int PORT = 389;
  private static final int TIMEOUT_SECONDS = 10;

  private final TableConfig config;
  private final TableOpening opening;

  ConnectionFile(TableConfig config, TableOpening opening) {
    this.config = config;
    this.opening = opening;
  }

  ConnectionSettings read() throws TableUnavailableException {
    int version = version();
    List<Server> servers = servers();
    for (Server server : servers) {
      if (server.scheme() != Server.Scheme.LDAP && version < VERSION) {
        warn(": URL scheme " + server.scheme().text() + " requires protocol version 3");
      }
    }
    TlsSettings tls = tls();
    if (tls.start() && version < VERSION) {
      warn(" start_tls requires protocol version 3");
    }
    return new ConnectionSettings(
        servers, bind(), tls, config.integer("timeout", TIMEOUT_SECONDS, 0, 0));
  }

  /** Version 2 is accepted, as Postfix does; what is spoken is version 3. */
  private int version() throws TableUnavailableException {
    int version = config.integer("version", VERSION, LOWEST_VERSION, 0);
    if (version > VERSION) {
      warn(" Unknown version " + version + ", using 3.");
      return VERSION;
    }
    return version;
  }

  private List<Server> servers() throws TableUnavailableException {
    String hosts = text("server_host", "localhost", 1);
    int port = config.integer("server_port", PORT, 0, 0);
    List<Server> servers = new ArrayList<>();
    for (String word : TableFile.words(hosts)) {
      try {
        servers.add(Server.parse(word, port));
      } catch (IllegalArgumentException e) {
        throw new TableUnavailableException(
            "%s: server_host = %s: %s".formatted(config.name(), word, e.getMessage()), e);
      }
    }
    if (servers.isEmpty()) {
      throw new TableUnavailableException(config.name() + ": server_host names no server");
    }
    return servers;
  }

  private TlsSettings tls() throws TableUnavailableException {
    text("tls_random_file", "", 0);
    return new TlsSettings(
        config.bool("start_tls", false),
        config.bool("tls_require_cert", false),
        text("tls_ca_cert_file", "", 0),
        text("tls_ca_cert_dir", "", 0),
        text("tls_cert", "", 0),
        text("tls_key", "", 0),
        text("tls_cipher_suite", "", 0));
  }

  private Bind bind() throws TableUnavailableException {
    String how = text("bind", "yes", 1);
    return switch (how.toLowerCase(Locale.ROOT)) {
      case "yes", "simple" -> new Bind.Simple(text("bind_dn", "", 0), password());
      case "no", "none" -> new Bind.None();
      case "sasl" ->
          new Bind.Sasl(
              TableFile.words(text("sasl_mechs", "", 0).toUpperCase(Locale.ROOT)),
              text("bind_dn", "", 0),
              password(),
              text("sasl_realm", "", 0),
              text("sasl_authz_id", "", 0),
              config.integer("sasl_minssf", 0, 0, 0));
      default ->
          throw new TableUnavailableException(
              config.name() + ": unsupported parameter value: bind = " + how);
    };
  }

  /** Its bytes, whatever they are in: a server compares bytes. */
  private Secret password() throws TableUnavailableException {
    return config.secret("bind_pw");
  }

  private String text(String parameter, String otherwise, int least)
      throws TableUnavailableException {
    return config.text(parameter, config.string(parameter, otherwise, least));
  }

  private void warn(String text) {
    opening.logger().log(System.Logger.Level.WARNING, config.name() + text);
  }
}
