package org.postern.testservers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A pgbouncer(1) in front of a {@link Postgres}, from Debian's package. */
public final class PgBouncer implements AutoCloseable {
  private static final long LONGEST_START = TimeUnit.SECONDS.toNanos(60);

  private final Path directory;
  private final Process process;
  private final int port;

  /**
   * Starts one.
   *
   * @param mode {@code session}, {@code transaction} or {@code statement}
   * @param connections how many it has to the server
   * @param settings further lines for its configuration
   */
  public PgBouncer(Postgres server, String mode, int connections, String... settings)
      throws Exception {
    directory = ServerFiles.makeDirectory("pgbouncer");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path users = directory.resolve("users");
    Files.writeString(users, "\"mail\" \"s3cr3t\"\n");
    Path config = directory.resolve("pgbouncer.ini");
    Files.writeString(
        config,
        """
        [databases]
        mail = host=127.0.0.1 port=%d dbname=mail
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = %s
        pool_mode = %s
        default_pool_size = %d
        logfile = %s
        %s
        """
            .formatted(
                server.port(),
                port,
                users,
                mode,
                connections,
                directory.resolve("log"),
                String.join("\n", settings)));
    List<String> command = new ArrayList<>(List.of("/usr/sbin/pgbouncer", "-q"));
    if (System.getProperty("user.name", "").equals("root")) { // as whom it will not run
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(config.toString());
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    long begun = System.nanoTime();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - begun > LONGEST_START) {
        throw new IOException("pgbouncer does not start: " + log(directory));
      }
      Thread.sleep(5);
    }
  }

  private static List<String> log(Path directory) throws IOException {
    Path log = directory.resolve("log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of("no log");
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  public int port() {
    return port;
  }

  /** The beginning of a .cf file. */
  public String config() {
    return "hosts = 127.0.0.1:%d\nuser = mail\npassword = s3cr3t\ndbname = mail\n".formatted(port);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ServerFiles.delete(directory);
  }
}
