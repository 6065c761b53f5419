package org.postern.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.postern.platform.text.ByteText;

/** Reads {@code name = value} lines: the syntax of main.cf, postconf(5). */
public final class MainCfParser {

  private MainCfParser() {}

  /**
   * All settings of a file, in order; of two with one name, the later holds.
   *
   * @param file for messages and origins; it is not read here
   * @param content byte string
   * @param warnings takes what Postfix would warn of, in its words
   * @throws ConfigurationException for a line that is not {@code name = value}
   */
  public static List<Setting> parse(Path file, String content, Consumer<String> warnings) {
    List<Setting> settings = new ArrayList<>();
    Map<String, String> values = new HashMap<>();
    LogicalLines lines = new LogicalLines(file.toString(), content, warnings);
    for (LogicalLines.Line line = lines.next(); line != null; line = lines.next()) {
      Origin origin = new Origin.InFile(file, line.number());
      Setting setting = setting(line.text(), origin);
      String earlier = values.put(setting.name(), setting.value());
      if (earlier != null && !earlier.equals(setting.value())) {
        warnings.accept(origin + ": overriding earlier entry: " + setting.name() + "=" + earlier);
      }
      settings.add(setting);
    }
    return settings;
  }

  /**
   * One {@code name = value}, as on a line of main.cf or after {@code -o}.
   *
   * @throws ConfigurationException for anything else
   */
  public static Setting setting(String text, Origin origin) {
    int nameStart = skipSpace(text, 0);
    int nameEnd = nameStart;
    while (nameEnd < text.length()
        && text.charAt(nameEnd) != '='
        && !ByteText.isSpace(text.charAt(nameEnd))) {
      nameEnd++;
    }
    if (nameEnd == nameStart) {
      throw malformed("missing attribute name", text, origin);
    }
    int equals = skipSpace(text, nameEnd);
    if (equals == text.length() || text.charAt(equals) != '=') {
      throw malformed("missing '=' after attribute name", text, origin);
    }
    int valueStart = skipSpace(text, equals + 1);
    int valueEnd = text.length();
    while (valueEnd > valueStart && ByteText.isSpace(text.charAt(valueEnd - 1))) {
      valueEnd--;
    }
    return new Setting(
        text.substring(nameStart, nameEnd), text.substring(valueStart, valueEnd), origin);
  }

  private static int skipSpace(String text, int from) {
    int i = from;
    while (i < text.length() && ByteText.isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static ConfigurationException malformed(String what, String text, Origin origin) {
    return new ConfigurationException(
        origin + ": " + what + ": \"" + text + "\"; write name = value");
  }
}
