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
 * {@link KilledWriter} or {@link KilledRebuild}, so that it starts quickly: interpreted, since it
 * does not live long enough for a compiler, and with an AOT cache (JEP 514) once it has learned.
 */
final class WriterProgram {
  private final Class<?> program;
  private final List<String> java;
  private final Path cache;
  private final Path errors;
  private final Path directory;
  private String classPath = System.getProperty("java.class.path");
  private List<String> cacheOptions = List.of();

  /**
   * @param directory for what belongs to it
   * @param program the class with its main method
   */
  WriterProgram(Path directory, Class<?> program) {
    this.directory = directory;
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
            "--enable-native-access=ALL-UNNAMED");
  }

  /**
   * Runs the program once to make the cache: worth while when it is started often.
   *
   * @param toLearnFrom how many bytes it writes to standard output before it is ended
   * @param arguments for a table that is not used for anything else
   */
  WriterProgram learn(int toLearnFrom, List<String> arguments)
      throws IOException, InterruptedException {
    classPath = jars();
    Process process = start(List.of("-XX:AOTCacheOutput=" + cache), arguments);
    try (InputStream replies = process.getInputStream()) {
      assertThat(replies.readNBytes(toLearnFrom)).as(this::errors).hasSize(toLearnFrom);
      process.toHandle().destroy(); // unlike that of process itself, leaves the pipe open
      replies.transferTo(OutputStream.nullOutputStream());
    }
    process.waitFor();
    assertThat(cache).as(this::errors).isRegularFile();
    cacheOptions = List.of("-XX:AOTCache=" + cache);
    return this;
  }

  /** The class path with jars only, as the cache wants it. */
  private String jars() {
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
    return start(cacheOptions, arguments);
  }

  private Process start(List<String> options, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(java);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath));
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
