package org.postern.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.postern.testkit.SettledFile;
import org.postern.testservers.ComparedTable;

/** The tables of one SQL type that are compared, and the keys to ask each of them for. */
final class SqlTables {
  private static final Set<String> TYPES = Set.of("mysql", "pgsql", "sqlite");
  private static final String MAIN_CF = "main.cf";

  /** A table and what to ask it; parameters for main.cf, if it has them there. */
  record Asked(String table, List<String> keys, Map<String, String> inMainCf) {}

  private final List<Asked> tables = new ArrayList<>();
  private final SqlServers servers;
  private final String maptype;
  private final Path directory;

  /** Writes them into the directory of the servers' files. */
  SqlTables(String maptype, SqlServers servers) throws IOException {
    this.maptype = maptype;
    this.servers = servers;
    this.directory = servers.directory();
    for (ComparedTable compared : ComparedTable.all()) {
      Map<String, String> parameters = defaults();
      compared.parameters().lines().forEach(line -> set(parameters, line));
      add(
          parameters,
          ComparedTable.KEYS.stream()
              .filter(key -> !compared.isMeantToDiffer(maptype, key))
              .toList(),
          false);
    }
    for (String block : resource().split("\n\n+", -1)) {
      if (!block.startsWith("#") && !block.isBlank()) {
        addBlock(block);
      }
    }
  }

  private static String resource() throws IOException {
    try (InputStream input =
        Objects.requireNonNull(SqlTables.class.getResourceAsStream("sql/tables.txt"))) {
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Map<String, String> defaults() {
    Map<String, String> parameters = new LinkedHashMap<>();
    servers.config(maptype).lines().forEach(line -> set(parameters, line));
    set(parameters, "query = SELECT target FROM alias WHERE address = '%s'");
    return parameters;
  }

  private void addBlock(String block) throws IOException {
    List<String> lines = new ArrayList<>(List.of(block.split("\n", -1)));
    List<String> first = Arrays.asList(lines.getFirst().split(" ", -1));
    boolean inMainCf = false;
    if (TYPES.contains(first.getFirst())) {
      lines.removeFirst();
      inMainCf = first.contains(MAIN_CF);
      if (!first.contains(maptype)) {
        return;
      }
    }
    Map<String, String> parameters = defaults();
    Set<String> keys = new LinkedHashSet<>();
    String last = "";
    for (String line : lines) {
      if (line.startsWith("? ")) {
        keys.add(line.substring(2));
      } else if (line.startsWith("-")) {
        parameters.remove(line.substring(1));
      } else if (line.startsWith(" ")) {
        parameters.merge(last, "\n" + line, String::concat);
      } else if (!line.isEmpty()) {
        last = set(parameters, line);
      }
    }
    keys.addAll(ComparedTable.KEYS);
    add(parameters, List.copyOf(keys), inMainCf);
  }

  private void add(Map<String, String> parameters, List<String> keys, boolean inMainCf)
      throws IOException {
    List<String> bytes =
        keys.stream()
            .map(key ->
                new String(key.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
            .toList();
    if (inMainCf) {
      String name = "table" + tables.size();
      Map<String, String> named = new LinkedHashMap<>();
      parameters.forEach((parameter, line) ->
          named.put(
              name + "_" + parameter,
              servers.placed(maptype, line.replaceFirst("^\\w+ *= *", "").replace("$", "$$"))));
      tables.add(new Asked(maptype + ":" + name, bytes, named));
      return;
    }
    Path file = directory.resolve("%s%03d.cf".formatted(maptype, tables.size()));
    SettledFile.write(file, servers.placed(maptype, String.join("\n", parameters.values()) + "\n"));
    tables.add(new Asked(maptype + ":" + file, bytes, Map.of()));
  }

  private static String set(Map<String, String> parameters, String line) {
    String name = line.replaceFirst(" *=.*", "");
    parameters.put(name, line);
    return name;
  }

  List<Asked> tables() {
    return tables;
  }
}
