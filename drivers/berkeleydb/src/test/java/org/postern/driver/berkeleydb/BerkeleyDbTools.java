package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Berkeley DB's own programs, where they are installed (Debian: db5.3-util). */
final class BerkeleyDbTools {
  private static final Path PROGRAMS = Path.of("/usr/bin");

  private BerkeleyDbTools() {}

  /** Makes sure that db_verify(1) has nothing to say against a file. */
  static void verify(Path file) throws IOException, InterruptedException {
    assertThat(run("db5.3_verify", "-q", file.toString())).isEmpty();
  }

  /** All pairs of a file. */
  static Map<String, String> dump(Path file) throws IOException, InterruptedException {
    Map<String, String> pairs = new HashMap<>();
    for (Dump.Pair pair : Dump.parse(run("db5.3_dump", "-p", file.toString())).pairs()) {
      assertThat(pairs.put(pair.key(), pair.value())).isNull();
    }
    return pairs;
  }

  private static String run(String program, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("berkeleydb", ".out");
    try {
      List<String> command = new ArrayList<>(List.of(arguments));
      command.addFirst(PROGRAMS.resolve(program).toString());
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      String text = Files.readString(output);
      assertThat(process.exitValue()).as("%s: %s", command, text).isZero();
      return text;
    } finally {
      Files.delete(output);
    }
  }
}
