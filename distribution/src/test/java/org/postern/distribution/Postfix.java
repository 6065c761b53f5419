package org.postern.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The Postfix of this machine: whether there is one, and its commands. */
final class Postfix {
  /** Where Debian has the daemons; {@code -Dpostfix.daemons} names another build's. */
  static final Path DAEMONS =
      Path.of(System.getProperty("postfix.daemons", "/usr/lib/postfix/sbin"));

  private Postfix() {}

  /** What a command printed, and how it ended. */
  record Outcome(int status, String out, String err) {}

  static Outcome run(List<String> command, String input) throws IOException, InterruptedException {
    return run(command, input, Map.of());
  }

  static Outcome run(List<String> command, String input, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path err = Files.createTempFile("stderr", "");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      // In a thread of its own: what a command prints meanwhile may fill the pipe.
      Thread writer = Thread.ofPlatform().start(() -> write(input, process));
      String out;
      try (InputStream printed = process.getInputStream()) {
        out = new String(printed.readAllBytes(), StandardCharsets.ISO_8859_1);
      }
      writer.join();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("does not end: " + command);
      }
      return new Outcome(
          process.exitValue(), out, Files.readString(err, StandardCharsets.ISO_8859_1));
    } finally {
      Files.delete(err);
    }
  }

  /** Sends a signal to a process. By a shell: kill(1) is a program of a package of its own. */
  static void signal(String signal, long process) throws IOException, InterruptedException {
    Outcome sent = run(List.of("sh", "-c", "kill -s $0 $1", signal, Long.toString(process)), "");
    if (sent.status() != 0) {
      throw new IOException(sent.err());
    }
  }

  private static void write(String input, Process process) {
    try (OutputStream pipe = process.getOutputStream()) {
      pipe.write(input.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // It ended before it had read all of it; what it printed says why.
    }
  }
}
