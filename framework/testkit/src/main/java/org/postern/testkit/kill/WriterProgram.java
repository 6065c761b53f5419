package org.postern.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * {@link KilledWriter} or {@link KilledRebuild}, so that it starts quickly: with an AOT cache (JEP
 * 514), for which all classes must be in jars, and interpreted, since it does not live long enough
 * for a compiler.
 */
final class WriterProgram {
  private final Class<?> program;
  private final List<String> java;
  private final Path cache;
  private final Path errors;

  /**
   * Puts the program together and runs it once to make the cache.
   *
   * @param directory for what belongs to it
   * @param program the class with its main method
   * @param toLearnFrom how many bytes it writes to standard output before it is ended then
   * @param arguments for a table that is not used for anything else
   */
  WriterProgram(Path directory, Class<?> program, int toLearnFrom, List<String> arguments)
      throws IOException, InterruptedException {
    this.program = program;
    this.cache = directory.resolve("writer.aot");
    this.errors = directory.resolve("writer.err");
    this.java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xint",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath(directory));
    Process process = start(List.of("-XX:AOTCacheOutput=" + cache), arguments);
    try (InputStream replies = process.getInputStream()) {
      assertThat(replies.readNBytes(toLearnFrom)).as(this::errors).hasSize(toLearnFrom);
      process.toHandle().destroy(); // unlike that of process itself, leaves the pipe open
      replies.transferTo(OutputStream.nullOutputStream());
    }
    process.waitFor();
    assertThat(cache).as(this::errors).isRegularFile();
  }

  private static String classPath(Path directory) {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (Files.isDirectory(Path.of(entry))) {
        String jar = directory.resolve("writer" + jars.size() + ".jar").toString();
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(System.out, System.err, "--create", "--file", jar, "-C", entry, ".");
        jars.add(jar);
      } else if (Files.exists(Path.of(entry))) {
        jars.add(entry);
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  /** Starts it. */
  Process start(List<String> arguments) throws IOException {
    return start(List.of("-XX:AOTCache=" + cache), arguments);
  }

  private Process start(List<String> options, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(java);
    command.addAll(options);
    command.add(program.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(errors.toFile()).start();
  }

  /** What it wrote to standard error. */
  String errors() {
    try {
      return "the writing process: " + Files.readString(errors);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
