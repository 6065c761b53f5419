package org.postern.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Postfix's defaults of the parameters that proxy_read_maps and proxy_write_maps refer to, and of
 * those that Postern or a table's name may need. They are in the file {@code postfix-defaults.cf}
 * beside this class, which says where they are from.
 */
final class PostfixDefaults {
  private static final String FILE = "postfix-defaults.cf";
  private static final Map<String, String> BUILT_IN = load();

  private PostfixDefaults() {}

  /** Name to value, not expanded. Without myhostname and mydomain. */
  static Map<String, String> builtIn() {
    return BUILT_IN;
  }

  /** The host's name as gethostname(2) gives it: no name service is asked. */
  static String hostname() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname"), ISO_8859_1).strip();
    } catch (IOException e) {
      return InetAddress.getLoopbackAddress().getHostName();
    }
  }

  private static Map<String, String> load() {
    try (InputStream in = PostfixDefaults.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing beside " + PostfixDefaults.class);
      }
      Map<String, String> defaults = new HashMap<>();
      String content = new String(in.readAllBytes(), ISO_8859_1);
      for (Setting setting : MainCfParser.parse(Path.of(FILE), content, warning -> {})) {
        // Where a line of the file goes on in the next, Postfix's value has one space.
        defaults.put(setting.name(), setting.value().replaceAll(" +", " "));
      }
      return Map.copyOf(defaults);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
