package org.postern.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The real postconf(1), which knows best what main.cf means. Another one than that on the PATH can
 * be named with {@code -Dpostfix.postconf=/path}.
 */
public final class Postconf {
  private final String program;

  private Postconf(String program) {
    this.program = program;
  }

  /** Skips the test, in one line, or fails it if it must run, where there is no Postfix. */
  public static Postconf installed() {
    Postconf postconf = new Postconf(System.getProperty("postfix.postconf", "postconf"));
    try {
      postconf.run(List.of("-d", "-h", "mail_version"));
      return postconf;
    } catch (IOException e) {
      if (Boolean.getBoolean("postfix.required")) {
        return fail("postfix.required is true, and there is no postconf", e);
      }
      System.out.println("SKIPPED: a test that asks postconf, as Postfix is not installed here");
      return abort("Postfix is not installed");
    }
  }

  /**
   * The values of parameters, one a line, as {@link #asPrinted} has them; nothing after the first
   * that postconf dies of.
   *
   * @param options such as -xh
   */
  public List<String> values(Path directory, String options, List<String> names)
      throws IOException {
    // Postfix waits for a file that was changed just now to cool down.
    Files.setLastModifiedTime(directory.resolve("main.cf"), FileTime.from(Instant.EPOCH));
    if (!Files.exists(directory.resolve("master.cf"))) {
      Files.createFile(directory.resolve("master.cf"));
    }
    List<String> arguments = new ArrayList<>(List.of("-c", directory.toString(), options));
    arguments.addAll(names);
    return run(arguments);
  }

  private List<String> run(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
    return output.lines().toList();
  }

  /** A value as postconf prints it: with one space between words. */
  public static String asPrinted(String value) {
    return value.replaceAll("[ \t\r\n]+", " ").strip();
  }
}
