package org.postern.program.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.config.ConfigurationException;

/**
 * Database servers with sample rows, in a process of their own, and the tables that ask them. They
 * are in no release, being far larger than Postern itself: a build leaves the class path of their
 * program in {@code demo/servers}.
 */
final class SampleDatabases implements AutoCloseable {
  private static final String PROGRAM = "org.postern.testservers.SampleDatabases";
  private static final List<String> MAPTYPES = List.of("mysql", "pgsql", "ldap");
  private static final String LOG = "log";

  private final Path directory;
  private final Process servers;

  private SampleDatabases(Path directory, Process servers) {
    this.directory = directory;
    this.servers = servers;
  }

  /** Starts them, which takes some seconds, the first time some more, and waits for them. */
  static SampleDatabases start() throws IOException {
    SampleDatabases databases = begin();
    try {
      databases.await();
    } catch (IOException e) {
      databases.close();
      throw e;
    }
    return databases;
  }

  /** Has them start by themselves: {@link #await} before a table of theirs is asked. */
  static SampleDatabases begin() throws IOException {
    String home = System.getProperty("postern.home", "");
    Path classPath = Path.of(home, "demo", "servers");
    if (!Files.isReadable(classPath)) {
      throw new ConfigurationException(
          "the servers of --databases are in no release; get the sources, and there run"
              + " \"mvn -DskipTests package\" and"
              + " \"distribution/target/postern/bin/postern demo --databases\"");
    }
    Path directory = Files.createTempDirectory("postern-demo-databases-");
    Process servers =
        new ProcessBuilder(
                home + "/runtime/bin/java",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Files.readString(classPath).strip(),
                PROGRAM,
                directory.toString())
            .redirectError(directory.resolve(LOG).toFile())
            .start();
    return new SampleDatabases(directory, servers);
  }

  /**
   * Waits until they answer.
   *
   * @throws IOException if they do not start
   */
  void await() throws IOException {
    BufferedReader output = servers.inputReader();
    String line = output.readLine();
    while (line != null && !line.equals("ready")) {
      line = output.readLine();
    }
    if (line == null) {
      throw new IOException(
          "the servers of --databases did not start: " + Files.readString(directory.resolve(LOG)));
    }
  }

  /** The tables, in the form that {@code proxy_read_maps} has. */
  String tables() {
    return MAPTYPES.stream()
        .map(maptype -> "proxy:" + maptype + ":" + directory.resolve(maptype + ".cf"))
        .collect(Collectors.joining(" "));
  }

  /** Whether a table, by type and name, asks one of them. */
  boolean areAskedBy(String typeAndName) {
    return typeAndName.contains(directory.toString());
  }

  @Override
  public void close() throws IOException {
    servers.outputWriter().close();
    servers.onExit().join();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
