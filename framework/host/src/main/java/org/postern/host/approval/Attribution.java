package org.postern.host.approval;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.host.config.Configuration;
import org.postern.host.config.ConfigurationException;
import org.postern.host.config.Origin;

/** Which of the parameters that a list refers to brought a table in. */
final class Attribution {
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
    new TableList(sink, warning -> {}, false).scan(expanded(parameter), parameter);
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

  /** The setting with {@code proxy:} put before the table, or else the list with it added. */
  String lineToWrite(String table) {
    String parameter = parameterOf(table);
    String value = configuration.raw(parameter);
    Pattern word = Pattern.compile("(?<![^, \t\r\n{])" + Pattern.quote(table) + "(?![^, \t\r\n}])");
    if (value != null && word.matcher(value).find()) {
      return parameter + " = " + word.matcher(value).replaceAll("proxy:$0");
    }
    String old = configuration.raw(list);
    return list + " = " + (old == null ? "" : old + " ") + "proxy:" + table;
  }
}
