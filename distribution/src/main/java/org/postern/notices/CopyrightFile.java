package org.postern.notices;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a debian/copyright says, in its machine-readable format 1.0: whose files are, under which
 * license, and some texts of licenses.
 *
 * @param works in the order of the file
 * @param texts by the name of the license; those alone that stand in the file
 */
record CopyrightFile(List<Work> works, Map<String, String> texts) {

  /**
   * Some files.
   *
   * @param patterns of their names, the last part of each path only
   * @param license its name, or several with "or" between them
   */
  record Work(List<Pattern> patterns, String copyright, String license) {}

  static CopyrightFile read(Path file) throws IOException {
    List<Work> works = new ArrayList<>();
    Map<String, String> texts = new LinkedHashMap<>();
    for (String paragraph : Files.readString(file).split("\n\n+", -1)) {
      Map<String, String> fields = fields(paragraph);
      String license = fields.getOrDefault("License", "");
      String name = license.lines().findFirst().orElse("");
      if (fields.containsKey("Files")) {
        works.add(
            new Work(
                patterns(fields.getOrDefault("Files", "")),
                fields.getOrDefault("Copyright", ""),
                name));
      } else if (!name.isEmpty()) {
        texts.put(name, license.lines().skip(1).collect(joining("\n")));
      }
    }
    return new CopyrightFile(works, texts);
  }

  private static Map<String, String> fields(String paragraph) {
    Map<String, String> fields = new LinkedHashMap<>();
    String name = "";
    for (String line : paragraph.lines().toList()) {
      if (line.startsWith(" ")) {
        String more = line.equals(" .") ? "" : line.substring(1);
        fields.merge(name, more, (before, now) -> before + "\n" + now);
      } else if (line.indexOf(':') > 0) {
        name = line.substring(0, line.indexOf(':'));
        fields.put(name, line.substring(line.indexOf(':') + 1).strip());
      }
    }
    return fields;
  }

  private static List<Pattern> patterns(String files) {
    List<Pattern> patterns = new ArrayList<>();
    for (String glob : files.split("\\s+", -1)) {
      String name = glob.substring(glob.lastIndexOf('/') + 1);
      if (!name.equals("*")) {
        patterns.add(Pattern.compile(name.replace(".", "\\.").replace("*", ".*")));
      }
    }
    return patterns;
  }

  /** Whose a file is that is not Postern's own. */
  Optional<Work> work(String name) {
    return works.stream()
        .filter(work -> work.patterns.stream().anyMatch(each -> each.matcher(name).matches()))
        .findFirst();
  }
}
