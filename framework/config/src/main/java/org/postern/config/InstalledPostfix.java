package org.postern.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.postern.platform.text.ByteStrings;

/**
 * What the Postfix on this machine was built with, as {@code postconf -d} tells: where its
 * configuration is, and the defaults that builders of Postfix change and a table's name may
 * contain.
 */
public final class InstalledPostfix {
  /** The second is for a daemon whose PATH has no sbin. */
  private static final List<String> PROGRAMS = List.of("postconf", "/usr/sbin/postconf");

  private static final List<String> PARAMETERS =
      List.of(
          "config_directory",
          "queue_directory",
          "data_directory",
          "daemon_directory",
          "default_database_type",
          "default_cache_db_type",
          "non_bdb_migration_level",
          "mail_owner");

  private InstalledPostfix() {}

  /** What postconf(1) said: it is asked once in the life of a process, when it is needed. */
  private static final class Asked {
    static final Map<String, String> ANSWER = builtIn();
  }

  /**
   * Asks postconf(1), once in the life of this process, for at most five seconds.
   *
   * @return name to value, not expanded; nothing when there is no Postfix here, or no answer.
   *     config_directory is that of the environment's {@code MAIL_CONFIG} if it is set, as for
   *     Postfix's own commands
   */
  public static Map<String, String> defaults() {
    Map<String, String> defaults = new HashMap<>(Asked.ANSWER);
    String directory = System.getenv("MAIL_CONFIG");
    if (directory != null) {
      defaults.put("config_directory", ByteStrings.of(directory));
    }
    return Map.copyOf(defaults);
  }

  private static Map<String, String> builtIn() {
    for (String program : PROGRAMS) {
      try {
        return ask(program);
      } catch (IOException e) {
        // No such program: the next one, or no Postfix here.
      } catch (ConfigurationException e) {
        return Map.of();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Map.of();
      }
    }
    return Map.of();
  }

  private static Map<String, String> ask(String program) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program, "-d"));
    command.addAll(PARAMETERS);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    // The answer is short: it does not need to be read for postconf to end.
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return Map.of();
    }
    String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
    Map<String, String> defaults = new HashMap<>();
    for (Setting setting : MainCfParser.parse(Path.of(program), output, warning -> {})) {
      defaults.put(setting.name(), setting.value());
    }
    if (!defaults.containsKey("non_bdb_migration_level")) {
      // A Postfix that does not know it reads and makes Berkeley DB files, whatever main.cf says.
      defaults.put(MigrationLevel.PARAMETER, "disable");
    }
    return defaults;
  }
}
