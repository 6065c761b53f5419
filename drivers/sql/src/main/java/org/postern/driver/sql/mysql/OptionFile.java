package org.postern.driver.sql.mysql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.driver.database.TableConfig;
import org.postern.driver.file.FileTrouble;
import org.postern.driver.file.text.SourceFile;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * The options that MySQL's own configuration has for clients: {@code option_file} and {@code
 * option_group} of mysql_table(5). Of the groups that MariaDB's client library reads for everybody
 * and the one named, the last setting counts. Values are byte strings.
 */
final class OptionFile {
  /** Where the C library of Debian looks. */
  private static final List<String> USUAL = List.of("/etc/my.cnf", "/etc/mysql/my.cnf");

  private static final List<String> SOCKETS =
      List.of("/run/mysqld/mysqld.sock", "/var/lib/mysql/mysql.sock", "/tmp/mysql.sock");

  private static final int DEEPEST = 10;

  private final Map<String, String> options = new HashMap<>();

  private OptionFile() {}

  static OptionFile read(TableConfig config, TableOpening opening)
      throws TableUnavailableException {
    OptionFile options = new OptionFile();
    String file = TableConfig.characters(config.string("option_file").orElse(""));
    String group = TableConfig.characters(config.string("option_group").orElse("client"));
    if (file.isEmpty() && group.isEmpty()) {
      return options;
    }
    Set<String> groups = new HashSet<>(List.of("client", "client-server", "client-mariadb"));
    groups.add(group);
    try {
      if (!file.isEmpty()) {
        options.read(SourceFile.watched(file, opening), groups, opening, 0);
      } else {
        for (String usual : USUAL) {
          Path path = SourceFile.watched(usual, opening);
          if (Files.isReadable(path)) {
            options.read(path, groups, opening, 0);
          }
        }
      }
    } catch (IOException e) {
      throw new TableUnavailableException(
          config.name() + ": option_file " + file + ": " + FileTrouble.words(e), e);
    }
    return options;
  }

  private void read(Path file, Set<String> groups, TableOpening opening, int depth)
      throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("included too deep: " + file);
    }
    boolean wanted = false;
    for (String raw : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (line.startsWith("!includedir")) {
        Path directory = Path.of(line.substring("!includedir".length()).strip());
        if (Files.isDirectory(directory)) {
          try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.cnf")) {
            for (Path included : files) {
              opening.watch(included);
              read(included, groups, opening, depth + 1);
            }
          }
        }
      } else if (line.startsWith("!include")) {
        Path included = Path.of(line.substring("!include".length()).strip());
        opening.watch(included);
        read(included, groups, opening, depth + 1);
      } else if (line.startsWith("[")) {
        wanted = groups.contains(line.replaceAll("[\\[\\]]", "").strip());
      } else if (wanted) {
        int equals = line.indexOf('=');
        String name = (equals < 0 ? line : line.substring(0, equals)).strip().replace('_', '-');
        options.put(name, equals < 0 ? "" : unquoted(line.substring(equals + 1).strip()));
      }
    }
  }

  private static String unquoted(String value) {
    int last = value.length() - 1;
    boolean quoted =
        last > 0 && value.charAt(0) == value.charAt(last) && "'\"".indexOf(value.charAt(0)) >= 0;
    return quoted ? value.substring(1, last) : value;
  }

  /** An option, by its name with hyphens. */
  Optional<String> get(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /** The port of servers that are named without one, if it is set. */
  Optional<Integer> port() {
    return get("port").filter(text -> text.matches("[0-9]{1,5}")).map(Integer::valueOf);
  }

  /** Whether the file says that there shall be no TLS. */
  boolean turnsTlsOff() {
    Set<String> no = Set.of("0", "off", "false", "no");
    return get("skip-ssl").isPresent()
        || get("disable-ssl").isPresent()
        || get("ssl").filter(value -> no.contains(value.toLowerCase(Locale.ROOT))).isPresent()
        || get("ssl-mode").filter(value -> value.equalsIgnoreCase("DISABLED")).isPresent();
  }

  /** Where this machine's server listens. */
  String socket() {
    return get("socket")
        .orElseGet(() ->
            SOCKETS.stream()
                .filter(path -> Files.exists(Path.of(path)))
                .findFirst()
                .orElse(SOCKETS.getFirst()));
  }
}
