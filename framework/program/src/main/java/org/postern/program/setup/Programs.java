package org.postern.program.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postern.platform.libc.AnonymousFile;

/** Programs of Postfix and of the system, run on one configuration. */
public final class Programs {
  private static final long DEADLINE_SECONDS = 60;

  private final Path configDirectory;

  /** What a program printed, on both outputs, and how it ended. */
  public record Outcome(int status, String output) {
    public boolean succeeded() {
      return status == 0;
    }
  }

  /**
   * @param configDirectory Postfix's, for programs that read it
   */
  public Programs(Path configDirectory) {
    this.configDirectory = configDirectory;
  }

  /**
   * Runs a program until it ends.
   *
   * @throws IOException when it is not there, or does not end within a minute
   */
  public Outcome run(List<String> command) throws IOException, InterruptedException {
    // No pipe: a daemon that a program starts may keep it open. No file on a disk, which may be
    // full:
    // Postfix's programs say nothing of output that is lost.
    Path output = AnonymousFile.of("postern-setup", _ -> {});
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile());
    builder.environment().put("MAIL_CONFIG", configDirectory.toString());
    // Not everybody's shell has it.
    builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
    Process process = builder.start();
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + ": does not end");
    }
    return new Outcome(process.exitValue(), Files.readString(output, UTF_8).strip());
  }

  /**
   * Runs a program that must succeed.
   *
   * @return what it printed
   */
  public String mustRun(List<String> command) throws IOException, InterruptedException {
    Outcome outcome = run(command);
    if (!outcome.succeeded()) {
      throw new IOException(String.join(" ", command) + ": " + outcome.output());
    }
    return outcome.output();
  }
}
