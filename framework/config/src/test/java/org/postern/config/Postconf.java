package org.postern.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.SettledFile;

/**
 * The real postconf(1), which knows best what main.cf means. Another one than Debian's can be named
 * with {@code -Dpostfix.postconf=/path}.
 */
public final class Postconf {
  private final String program;

  private Postconf(String program) {
    this.program = program;
  }

  /** Skips the test where there is no Postfix, or fails it if it must run. */
  public static Postconf installed() {
    Prerequisite.POSTCONF.mustBeHere();
    return new Postconf(System.getProperty("postfix.postconf", "/usr/sbin/postconf"));
  }

  /**
   * The values of parameters, one a line, as {@link #asPrinted} has them; nothing after the first
   * that postconf dies of.
   *
   * @param options such as -xh
   */
  public List<String> values(Path directory, String options, List<String> names)
      throws IOException {
    SettledFile.settle(directory.resolve("main.cf"));
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
