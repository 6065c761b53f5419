package org.postern.host.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the Postfix on this machine was built with, as {@code postconf -d} tells: where its
 * configuration is, and the defaults that builders of Postfix change and a table's name may
 * contain.
 */
public final class InstalledPostfix {
  private static final List<String> COMMAND =
      List.of(
          "postconf",
          "-d",
          "config_directory",
          "queue_directory",
          "data_directory",
          "daemon_directory",
          "default_database_type",
          "mail_owner");

  private InstalledPostfix() {}

  /**
   * Asks postconf(1), once, for at most five seconds.
   *
   * @return name to value, not expanded; empty when there is no Postfix here
   */
  public static Map<String, String> defaults() {
    try {
      Process process =
          new ProcessBuilder(COMMAND).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Map.of();
      }
      Map<String, String> defaults = new HashMap<>();
      for (Setting setting : MainCfParser.parse(Path.of("postconf -d"), output, warning -> {})) {
        defaults.put(setting.name(), setting.value());
      }
      return Map.copyOf(defaults);
    } catch (IOException | ConfigurationException e) {
      return Map.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Map.of();
    }
  }
}
