package org.postern.distribution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postern.testkit.SettledFile;

/** The {@code .cf} files of {@code ldap/tables.txt}, and the keys to ask each of them for. */
final class LdapTables {
  private static final List<String> KEYS =
      List.of(
          "bob@example.com",
          "BOB@Example.com",
          "nobody@example.com",
          "two@example.com",
          "dup@example.com",
          "alice@example.com",
          "mixed@example.com",
          "bob",
          "@example.com",
          "bob@",
          "bob@x@example.com",
          "*",
          "*@example.com",
          "a*b(c)d\\e@example.com",
          "a, b+c=\"d\" <e>;#f\\g",
          "x)(objectClass=*",
          " bob",
          "j\u00fcrgen@example.com");

  /** A table and what to ask it. */
  record Asked(String table, List<String> keys) {}

  private final List<Asked> tables = new ArrayList<>();

  /** Writes them into a directory. */
  LdapTables(Path directory, Slapd slapd) throws IOException {
    Files.createDirectories(directory);
    Map<String, String> defaults = new LinkedHashMap<>();
    set(defaults, "server_host = ldap://127.0.0.1:@PORT@");
    set(defaults, "search_base = dc=example,dc=org");
    set(defaults, "query_filter = (mail=%s)");
    set(defaults, "result_attribute = maildrop");
    set(defaults, "bind = no");
    for (String block : Slapd.resource("tables.txt").split("\n\n+", -1)) {
      if (!block.startsWith("#") && !block.isBlank()) {
        add(block, defaults, directory, slapd);
      }
    }
  }

  private void add(String block, Map<String, String> defaults, Path directory, Slapd slapd)
      throws IOException {
    Map<String, String> parameters = new LinkedHashMap<>(defaults);
    Set<String> keys = new LinkedHashSet<>();
    boolean onlyOwn = false;
    String last = "";
    for (String line : block.split("\n", -1)) {
      if (line.startsWith("? ")) {
        keys.add(line.substring(2));
      } else if (line.equals("!")) {
        onlyOwn = true;
      } else if (line.startsWith("-")) {
        parameters.remove(line.substring(1));
      } else if (line.startsWith(" ") || line.startsWith("\t")) {
        parameters.merge(last, "\n" + line, String::concat);
      } else if (!line.isEmpty()) {
        last = set(parameters, line);
      }
    }
    if (!onlyOwn) {
      keys.addAll(KEYS);
    }
    Path file = directory.resolve("table%03d.cf".formatted(tables.size()));
    SettledFile.write(file, slapd.placed(String.join("\n", parameters.values()) + "\n"));
    tables.add(new Asked("ldap:" + file, keys.stream().map(LdapTables::bytes).toList()));
  }

  private static String set(Map<String, String> parameters, String line) {
    String name = line.replaceFirst(" *=.*", "");
    parameters.put(name, line);
    return name;
  }

  /** One char for each byte, as {@link org.postern.testkit.wire.RawClient} sends it. */
  private static String bytes(String key) {
    return new String(key.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  List<Asked> tables() {
    return tables;
  }

  /** The value of proxy_read_maps that approves them. */
  String approving() {
    return String.join(" ", tables.stream().map(asked -> "proxy:" + asked.table()).toList());
  }
}
