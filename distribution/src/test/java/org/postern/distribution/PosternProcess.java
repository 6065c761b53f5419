package org.postern.distribution;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Postern as an operator runs it: the program of the distribution, in a process of its own. */
final class PosternProcess implements AutoCloseable {
  static final String COMMAND = System.getProperty("postern.command", "target/postern/bin/postern");

  /** Whom it becomes when root starts it: Postfix's user, or anybody where there is no Postfix. */
  static final String OWNER = existing("postfix", "nobody");

  /** nohup(1), under which a build may run, has SIGHUP ignored by all that it starts. */
  private static final List<String> NOTICES_HANGUPS = noticesHangups();

  /** So long nothing is logged when there is no more. */
  private static final Duration QUIET = Duration.ofMillis(50);

  private final Process process;
  private final Path log;

  private PosternProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Whom it runs as. */
  static String user() {
    String user = System.getProperty("user.name", "");
    return user.equals("root") ? OWNER : user;
  }

  private static List<String> noticesHangups() {
    List<String> command = List.of("env", "--default-signal=HUP");
    List<String> trial = new ArrayList<>(command);
    trial.add("true");
    try {
      return Postfix.run(trial, "").status() == 0 ? command : List.of(); // new in coreutils 8.31
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String existing(String... users) {
    for (String user : users) {
      try {
        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(user);
        return user;
      } catch (IOException e) {
        // The next one.
      }
    }
    return "daemon";
  }

  /** Lets it read and change what is in a directory, if root starts it. */
  static void mayChange(Path directory) throws IOException {
    if (!System.getProperty("user.name", "").equals("root")) {
      return;
    }
    UserPrincipal owner =
        directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(OWNER);
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.toList()) {
        Files.setOwner(each, owner);
      }
    }
  }

  /** Lets it make files in a directory, if root starts it, beside those that are there. */
  static void mayWriteIn(Path directory) throws IOException {
    if (System.getProperty("user.name", "").equals("root")) {
      Files.setOwner(
          directory,
          directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(OWNER));
    }
  }

  /** Starts {@code postern serve} and waits until it listens. */
  static PosternProcess serve(Path configDirectory, String... options) throws IOException {
    return serve(configDirectory, Map.of(), options);
  }

  /**
   * Starts {@code postern serve} and waits until it listens.
   *
   * @param environment more variables of its environment
   */
  static PosternProcess serve(
      Path configDirectory, Map<String, String> environment, String... options) throws IOException {
    List<String> command = new ArrayList<>(NOTICES_HANGUPS);
    command.addAll(
        List.of(COMMAND, "serve", "-c", configDirectory.toString(), "-o", "mail_owner=" + OWNER));
    command.addAll(dataDirectory(configDirectory));
    command.addAll(List.of(options));
    Path log = configDirectory.resolve("postern.log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().put("LANG", "C");
    builder.environment().putAll(environment);
    Process process = builder.start();
    PosternProcess postern = new PosternProcess(process, log);
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null || !line.startsWith("postern: listening on ")) {
      postern.close();
      throw new IOException("Postern did not start: " + line + "\n" + postern.log());
    }
    return postern;
  }

  /** Where the configuration names none, that of this machine's Postfix is left alone. */
  private static List<String> dataDirectory(Path configDirectory) throws IOException {
    Path main = configDirectory.resolve("main.cf");
    return Files.exists(main) && Files.readString(main).contains("data_directory")
        ? List.of()
        : List.of("-o", "data_directory=" + configDirectory);
  }

  /**
   * The installation, where every user can run it, which a checkout need not be.
   *
   * @param shared a directory for a copy if one is needed
   */
  static Path homeForAll(Path shared) throws Exception {
    Path program = Path.of(COMMAND).toRealPath();
    Path home = Objects.requireNonNull(Objects.requireNonNull(program.getParent()).getParent());
    if (!isClosed(program)) {
      return home;
    }
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path copy = shared.resolve("postern");
    Postfix.Outcome copied = Postfix.run(List.of("cp", "-a", home.toString(), copy.toString()), "");
    if (copied.status() != 0) {
      throw new IOException(copied.err());
    }
    return copy;
  }

  /** Whether others than root cannot come there. */
  private static boolean isClosed(Path file) throws Exception {
    for (Path each = file; each != null; each = each.getParent()) {
      if (!Files.getPosixFilePermissions(each).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return true;
      }
    }
    return false;
  }

  /** What it has logged, when it is done with what it has to log: a thread of its own does that. */
  String log() throws IOException {
    long before = -1;
    for (long now = Files.size(log); now != before; now = Files.size(log)) {
      before = now;
      LockSupport.parkNanos(QUIET.toNanos());
    }
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Sends SIGTERM and waits for the end. */
  int end() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("Postern does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
