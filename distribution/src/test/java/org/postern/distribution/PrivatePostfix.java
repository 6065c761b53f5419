package org.postern.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.SettledFile;

/**
 * A Postfix of its own, on directories of a test; the machine's own configuration is not touched.
 */
final class PrivatePostfix implements AutoCloseable {
  private static final List<String> QUEUES =
      List.of(
          "active",
          "bounce",
          "corrupt",
          "defer",
          "deferred",
          "flush",
          "hold",
          "incoming",
          "maildrop",
          "pid",
          "private",
          "public",
          "saved",
          "trace");

  /**
   * Skips a test where there is no Postfix, or who runs it cannot start one: {@link Prerequisite}.
   */
  static void mustBePossible() {
    Prerequisite.POSTFIX.mustBeHere();
    Prerequisite.ROOT.mustBeHere();
  }

  private final Path directory;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final StringBuilder master = new StringBuilder();

  PrivatePostfix(Path directory) throws IOException {
    this.directory = directory;
    openToAll(directory);
    UserPrincipal owner = mailOwner();
    openToAll(Files.createDirectories(config()));
    openToAll(Files.createDirectories(queue()));
    for (String queue : QUEUES) {
      Path made = Files.createDirectories(queue().resolve(queue));
      openToAll(made);
      if (!queue.equals("pid")) {
        Files.setOwner(made, owner);
      }
    }
    Files.setPosixFilePermissions(
        queue().resolve("maildrop"), PosixFilePermissions.fromString("rwxrwxrwx"));
    Path data = Files.createDirectories(directory.resolve("data"));
    Files.setOwner(data, owner);
    set("compatibility_level", "3.6");
    set("queue_directory", queue().toString());
    set("data_directory", data.toString());
    set("daemon_directory", Postfix.DAEMONS.toString());
    set("myhostname", "test.example.net");
    set("mynetworks", "127.0.0.0/8");
    set("inet_interfaces", "loopback-only");
    set("inet_protocols", "ipv4");
    set("alias_maps", "");
    set("local_recipient_maps", "");
    set("maillog_file", directory.resolve("maillog").toString());
    set("maillog_file_prefixes", "/");
    service("postlog unix-dgram n - n - 1 postlogd");
  }

  private static void openToAll(Path made) throws IOException {
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The user that the daemons run as. */
  UserPrincipal mailOwner() throws IOException {
    return directory
        .getFileSystem()
        .getUserPrincipalLookupService()
        .lookupPrincipalByName("postfix");
  }

  Path config() {
    return directory.resolve("conf");
  }

  Path queue() {
    return directory.resolve("queue");
  }

  /** The socket of a service under private/. */
  Path socket(String service) {
    return queue().resolve("private").resolve(service);
  }

  /** A port for a service of its own. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Sets a parameter, before start or to be re-read by Postern. */
  PrivatePostfix set(String parameter, String value) throws IOException {
    parameters.put(parameter, value);
    SettledFile.write(
        config().resolve("main.cf"),
        parameters.entrySet().stream()
            .map(entry -> entry.getKey() + " = " + entry.getValue() + "\n")
            .collect(Collectors.joining()));
    return this;
  }

  /** Adds a line of master.cf. */
  PrivatePostfix service(String line) throws IOException {
    master.append(line).append('\n');
    Files.writeString(config().resolve("master.cf"), master);
    return this;
  }

  void start() throws IOException, InterruptedException {
    Postfix.Outcome outcome =
        run("", Postfix.DAEMONS.resolve("master").toString(), "-c", config().toString(), "-w");
    if (outcome.status() != 0) {
      throw new IOException("master(8) did not start: " + outcome.err() + log());
    }
  }

  /** Ends the processes of a daemon; master(8) makes new ones when they are needed. */
  void restart(String daemon) {
    List<ProcessHandle> ended = children(daemon);
    ended.forEach(ProcessHandle::destroyForcibly);
    ended.forEach(PrivatePostfix::awaitEnd);
  }

  /**
   * Of a process that is not Java's own child, which {@code onExit} asks after three times a
   * second.
   */
  private static void awaitEnd(ProcessHandle process) {
    while (process.isAlive()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** The processes of a daemon that master(8) has started, by the last part of their command. */
  List<ProcessHandle> children(String command) {
    return masterProcess()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("/" + command))
        .toList();
  }

  /** Has master(8) read its files again, and replace its processes: {@code postfix reload}. */
  void reload() throws IOException, InterruptedException {
    Postfix.signal("HUP", masterProcess().pid());
  }

  /**
   * Has daemons of Postfix, and one more, in a directory of their own.
   *
   * @param program linked into it
   */
  PrivatePostfix daemon(Path program) throws IOException {
    Path daemons = directory.resolve("daemons");
    if (!Files.exists(daemons)) {
      openToAll(Files.createDirectory(daemons));
      try (Stream<Path> own = Files.list(Postfix.DAEMONS)) {
        for (Path daemon : own.toList()) {
          Files.createSymbolicLink(daemons.resolve(daemon.getFileName()), daemon);
        }
      }
      set("daemon_directory", daemons.toString());
    }
    Files.createSymbolicLink(daemons.resolve(program.getFileName()), program);
    return this;
  }

  private ProcessHandle masterProcess() {
    try {
      String pid = Files.readString(queue().resolve("pid/master.pid")).strip();
      return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String log() throws IOException {
    Path log = directory.resolve("maillog");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /** Runs a command of Postfix's or Postern's on this configuration. */
  Postfix.Outcome run(String input, String... command) throws IOException, InterruptedException {
    return run(input, List.of(command));
  }

  Postfix.Outcome run(String input, List<String> command) throws IOException, InterruptedException {
    return Postfix.run(command, input, Map.of("MAIL_CONFIG", config().toString()));
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(queue().resolve("pid/master.pid"))) {
      ProcessHandle process = masterProcess();
      List<ProcessHandle> children = process.children().toList();
      process.destroy();
      awaitEnd(process);
      children.forEach(PrivatePostfix::awaitEnd);
    }
  }
}
