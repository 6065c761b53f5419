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
import org.postern.platform.text.ByteText;
import org.postern.platform.text.FileTrouble;
import org.postern.platform.text.SourceFile;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.TableConfig;

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

  private final Map<String, Option> options = new HashMap<>();

  /** What an option is set to, and where. */
  private record Option(String value, Path file) {}

  private OptionFile() {}

  static OptionFile read(TableConfig config, TableOpening opening)
      throws TableUnavailableException {
    OptionFile options = new OptionFile();
    String file = config.text("option_file", config.string("option_file").orElse(""));
    String group = config.string("option_group").orElse("client");
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
        Path directory = path(line.substring("!includedir".length()), file);
        if (Files.isDirectory(directory)) {
          try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.cnf")) {
            for (Path included : files) {
              opening.watch(included);
              read(included, groups, opening, depth + 1);
            }
          }
        }
      } else if (line.startsWith("!include")) {
        Path included = path(line.substring("!include".length()), file);
        opening.watch(included);
        read(included, groups, opening, depth + 1);
      } else if (line.startsWith("[")) {
        wanted = groups.contains(line.replaceAll("[\\[\\]]", "").strip());
      } else if (wanted) {
        int equals = line.indexOf('=');
        String name = (equals < 0 ? line : line.substring(0, equals)).strip().replace('_', '-');
        String value = equals < 0 ? "" : unquoted(line.substring(equals + 1).strip());
        options.put(name, new Option(value, file));
      }
    }
  }

  private static Path path(String bytes, Path file) throws IOException {
    String name = ByteText.decodeUtf8(bytes.strip());
    if (name == null) {
      throw new IOException(
          file + " includes a file whose name is not UTF-8: " + ByteText.printable(bytes));
    }
    return Path.of(name);
  }

  private static String unquoted(String value) {
    int last = value.length() - 1;
    boolean quoted =
        last > 0 && value.charAt(0) == value.charAt(last) && "'\"".indexOf(value.charAt(0)) >= 0;
    return quoted ? value.substring(1, last) : value;
  }

  /** The bytes of an option, by its name with hyphens. */
  Optional<String> get(String name) {
    return Optional.ofNullable(options.get(name)).map(Option::value);
  }

  /**
   * The same, if it is the name of a host or a file.
   *
   * @throws TableUnavailableException when it is not UTF-8
   */
  Optional<String> text(String name) throws TableUnavailableException {
    Option option = options.get(name);
    if (option == null) {
      return Optional.empty();
    }
    String characters = ByteText.decodeUtf8(option.value());
    if (characters == null) {
      throw new TableUnavailableException(
          "%s: %s is not UTF-8: save the file in UTF-8".formatted(option.file(), name));
    }
    return Optional.of(characters);
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
  String socket() throws TableUnavailableException {
    return text("socket")
        .orElseGet(() ->
            SOCKETS.stream()
                .filter(path -> Files.exists(Path.of(path)))
                .findFirst()
                .orElse(SOCKETS.getFirst()));
  }
}
