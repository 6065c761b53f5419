package org.postern.host.approval;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.config.Origin;

/** Which of the parameters that a list refers to brought a table in. */
final class Attribution {
  private static final Path POSTFIX = Path.of("/etc/postfix");

  private final Configuration configuration;
  private final String list;

  /** Table to the parameter that it is written in. */
  private final Map<String, String> parameterOf = new HashMap<>();

  /**
   * @param list the parameter that is looked through
   * @param references the parameters that its expansion looked up, and their values before
   *     expansion
   */
  Attribution(Configuration configuration, String list, Map<String, String> references) {
    this.configuration = configuration;
    this.list = list;
    Map<String, String> all = new LinkedHashMap<>(references);
    String own = configuration.raw(list);
    all.put(list, own == null ? "" : own);
    all.forEach(this::attribute);
  }

  private void attribute(String parameter, String value) {
    TableList.Sink sink =
        (table, proxied, where) -> {
          // Where it is written out is better than where a $name stands for it.
          if (value.contains(table)) {
            parameterOf.put(table, parameter);
          } else {
            parameterOf.putIfAbsent(table, parameter);
          }
        };
    new TableList(sink, warning -> {}, null).scan(expanded(parameter), parameter);
  }

  private String expanded(String parameter) {
    try {
      return configuration.get(parameter).orElse("");
    } catch (ConfigurationException e) {
      // The list only asks whether it is set, as in ${parameter?text}: its value is not in it.
      return "";
    }
  }

  String parameterOf(String table) {
    return parameterOf.getOrDefault(table, list);
  }

  Optional<Origin> originOf(String table) {
    return configuration.origin(parameterOf(table));
  }

  /**
   * What sets {@code proxy:} before the tables in a parameter's value, or else adds them to the
   * list: a command of postconf(1), since a setting of several lines is replaced as a whole by
   * nothing else that can be pasted. Where main.cf does not count, the setting.
   *
   * @param tables that the parameter names
   */
  String commandToApprove(String parameter, List<String> tables) {
    String value = configuration.raw(parameter);
    String name = parameter;
    for (String table : tables) {
      Matcher word = word(table).matcher(value == null ? "" : value);
      if (!word.find()) {
        name = list;
      }
    }
    String changed = configuration.raw(name);
    if (changed == null) {
      changed = "";
    }
    for (String table : tables) {
      changed =
          name.equals(parameter) && word(table).matcher(changed).find()
              ? word(table).matcher(changed).replaceAll("proxy:$0")
              : changed + " proxy:" + table;
    }
    return command(name, changed.strip().replaceAll("[ \t\r\n]+", " "));
  }

  private static Pattern word(String table) {
    return Pattern.compile("(?<![^, \t\r\n{])" + Pattern.quote(table) + "(?![^, \t\r\n}])");
  }

  private String command(String name, String value) {
    String setting = name + " = " + value;
    return configuration
        .origin(name)
        .map(origin ->
            switch (origin) {
              case Origin.InFile(Path file, int line) when !file.equals(mainCf()) ->
                  "write in " + file + ", from line " + line + " on: " + setting;
              case Origin.CommandLine _ -> "give with -o: " + setting;
              case Origin.InFile _, Origin.Default _ -> postconf(setting);
            })
        .orElseGet(() -> postconf(setting));
  }

  private Path mainCf() {
    return configuration.configDirectory().resolve("main.cf");
  }

  private String postconf(String setting) {
    Path directory = configuration.configDirectory();
    String where = directory.equals(POSTFIX) ? "" : "-c " + directory + " ";
    return "postconf " + where + "-e '" + setting.replace("'", "'\\''") + "'";
  }
}
