package org.postern.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The postmap(1) of the Postfix on this machine, asked what it makes of a table.
 *
 * <p>Where there is none, the test that asks for it is skipped: {@link Prerequisite}.
 */
public final class Postmap {
  private static final Path PROGRAM = Path.of("/usr/sbin/postmap");
  private static final long DEADLINE_SECONDS = 60;

  private final Path configuration;

  private Postmap(Path configuration) {
    this.configuration = configuration;
  }

  /**
   * The real postmap, with a configuration of its own in which every parameter has its default.
   *
   * @param directory where to make the configuration; exists
   * @param maptypes that it must have
   */
  public static Postmap orSkip(Path directory, String... maptypes) throws IOException {
    Prerequisite.POSTMAP.mustBeHere();
    for (String maptype : maptypes) {
      Prerequisite.postfixMustHave(maptype);
    }
    Path configuration = Files.createDirectories(directory.resolve("postmap-configuration"));
    Path main = configuration.resolve("main.cf");
    SettledFile.write(main, "compatibility_level = 3.6\n");
    return new Postmap(configuration);
  }

  /**
   * Runs it and waits for its end.
   *
   * @param input for its standard input: with {@code -q -}, one key a line
   * @param arguments after {@code -c}: {@code -q -}, {@code -s}, the table; one character for each
   *     byte, U+0000 to U+00FF
   */
  public Output run(byte[] input, String... arguments) throws IOException, InterruptedException {
    // Through a shell, since Java would pass the arguments through a character set.
    StringBuilder command = new StringBuilder("exec " + PROGRAM + " -c " + configuration);
    for (String argument : arguments) {
      command.append(" '").append(argument.replace("'", "'\\''")).append('\'');
    }
    Path script = configuration.resolve("command");
    Files.write(script, Bytes.bytes(command.toString()));
    Path output = configuration.resolve("stdout");
    Path log = configuration.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", script.toString())
            .redirectOutput(output.toFile())
            .redirectError(log.toFile())
            .directory(configuration.toFile());
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try (OutputStream keys = process.getOutputStream()) {
      keys.write(input);
    } catch (IOException e) {
      // it ended before it had read all of it; its log says why
    }
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " did not end in " + DEADLINE_SECONDS + " seconds");
    }
    return new Output(
        process.exitValue(),
        Files.readString(output, StandardCharsets.ISO_8859_1),
        Files.readString(log, StandardCharsets.ISO_8859_1)
            .lines()
            .map(line -> line.replaceFirst("^postmap: ", ""))
            .toList());
  }

  /**
   * What came of a run.
   *
   * @param status its exit status
   * @param text its standard output, one character for each byte
   * @param log the lines of its standard error, without the program's name: {@code warning: …}
   */
  public record Output(int status, String text, List<String> log) {}
}
