package org.postern.tablekit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.FileTrouble;
import org.postern.platform.text.HeapLimit;
import org.postern.platform.text.LogicalLines;
import org.postern.platform.text.SourceFile;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * The parameters of one table. A table whose name begins with a slash or a dot has them in the file
 * of that name, in the form of main.cf, but without {@code $name} in values; any other in main.cf
 * itself, as {@code name_parameter}: mysql_table(5), OBSOLETE MAIN.CF PARAMETERS.
 *
 * <p>Values are byte strings. What is wrong with one is said in Postfix's words. Used by one
 * thread.
 */
public final class TableConfig {
  /** What the host has in place of bytes of main.cf that are not UTF-8. */
  private static final char REPLACEMENT = '\ufffd';

  private static final Set<String> SECRETS = Set.of("password", "bind_pw");

  private final TableOpening opening;
  private final boolean isFile;
  private final String name;
  private final Map<String, Entry> entries;
  private final Set<String> asked = new HashSet<>();

  /** What a parameter is set to, and in which line of the file. */
  private record Entry(String value, int line) {}

  private TableConfig(TableOpening opening, boolean isFile, Map<String, Entry> entries) {
    this.opening = opening;
    this.isFile = isFile;
    this.name = ByteText.of(opening.nameBytes());
    this.entries = entries;
  }

  /**
   * Reads the parameters of the table being opened, and has its file watched.
   *
   * @throws TableUnavailableException when the file cannot be read, or has a line that is no
   *     setting
   */
  public static TableConfig read(TableOpening opening) throws TableUnavailableException {
    String name = opening.name();
    if (!name.startsWith("/") && !name.startsWith(".")) {
      return new TableConfig(opening, false, Map.of());
    }
    Path file = SourceFile.watched(name, opening);
    if (Files.isDirectory(file)) {
      throw new TableUnavailableException("read " + name + ": Is a directory");
    }
    try (InputStream input = SourceFile.open(file)) {
      return new TableConfig(opening, true, entries(input, opening));
    } catch (IOException e) {
      throw new TableUnavailableException("open " + name + ": " + FileTrouble.words(e), e);
    }
  }

  private static Map<String, Entry> entries(InputStream input, TableOpening opening)
      throws IOException, TableUnavailableException {
    String file = opening.name();
    LogicalLines lines =
        new LogicalLines(input, file, opening.logger(), new HeapLimit(opening, file));
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (String line = lines.next(); line != null; line = lines.next()) {
      String text = ByteText.untilNul(line);
      int end = 0;
      while (end < text.length()
          && text.charAt(end) != '='
          && !ByteText.isSpace(text.charAt(end))) {
        end++;
      }
      String entry = text.substring(0, end);
      String rest = ByteText.trimStart(text.substring(end));
      if (entry.isEmpty() || !rest.startsWith("=")) {
        String what =
            entry.isEmpty() ? "missing attribute name" : "missing '=' after attribute name";
        throw new TableUnavailableException(
            "%s, line %d: %s: \"%s\""
                .formatted(file, lines.number(), what, printable(entry, ByteText.trimEnd(text))));
      }
      Entry before =
          entries.put(entry, new Entry(ByteText.trim(rest.substring(1)), lines.number()));
      if (before != null) {
        opening
            .logger()
            .log(
                System.Logger.Level.WARNING,
                "%s, line %d: overriding earlier entry: %s=%s"
                    .formatted(file, lines.number(), entry, printable(entry, before.value())));
      }
    }
    return entries;
  }

  /** Nothing that may hold a password goes into a message, however its name is misspelt. */
  private static String printable(String entry, String text) {
    return SECRETS.stream().anyMatch(secret -> entry.contains(secret) || text.startsWith(secret))
        ? "(not shown)"
        : ByteText.printable(text);
  }

  /** {@code type:name} of the table, for messages. */
  public String table() {
    return opening.maptype() + ":" + ByteText.printable(name);
  }

  /** The table's name, for messages: that of its file if it has one. */
  public String name() {
    return ByteText.printable(name);
  }

  /**
   * What a parameter is set to, if it is. An empty value is a value.
   *
   * @throws TableUnavailableException when it stands in main.cf and is not UTF-8: the host has
   *     characters of it alone
   */
  public Optional<String> string(String parameter) throws TableUnavailableException {
    asked.add(parameter);
    if (isFile) {
      return Optional.ofNullable(entries.get(parameter)).map(Entry::value);
    }
    Optional<String> text = opening.parameters().get(fullName(parameter));
    if (text.filter(value -> value.indexOf(REPLACEMENT) >= 0).isPresent()) {
      throw notUtf8(parameter);
    }
    return text.map(value -> ByteText.of(value.getBytes(UTF_8)));
  }

  /**
   * The value of a parameter.
   *
   * @param least how many bytes it must have
   */
  public String string(String parameter, String otherwise, int least)
      throws TableUnavailableException {
    String value = string(parameter).orElse(otherwise);
    if (value.length() < least) {
      throw bad("bad string length %d < %d: %s = %s", value.length(), least, parameter, value);
    }
    return value;
  }

  /** The bytes of a parameter of which nothing may go into a message. Empty when it is not set. */
  public Secret secret(String parameter) throws TableUnavailableException {
    return new Secret(string(parameter).orElse(""));
  }

  /**
   * The characters of a value, for a parameter that is text.
   *
   * @param value its bytes, or some of them
   * @throws TableUnavailableException when they are not UTF-8: to guess would make it another text
   */
  public String text(String parameter, String value) throws TableUnavailableException {
    String characters = ByteText.isAscii(value) ? value : ByteText.decodeUtf8(value);
    if (characters == null) {
      throw notUtf8(parameter);
    }
    return characters;
  }

  private TableUnavailableException notUtf8(String parameter) {
    Entry entry = entries.get(parameter);
    return new TableUnavailableException(
        "%s: %s is not UTF-8: save the file in UTF-8"
            .formatted(
                entry == null ? "main.cf" : name() + ", line " + entry.line(),
                fullName(parameter)));
  }

  /**
   * A whole number.
   *
   * @param least its smallest value; 0: any, as in Postfix
   * @param most its largest value; 0: any
   */
  public int integer(String parameter, int otherwise, int least, int most)
      throws TableUnavailableException {
    Optional<String> text = string(parameter);
    int value = otherwise;
    if (text.isPresent()) {
      try {
        value = Integer.parseInt(ByteText.trim(text.get()));
      } catch (NumberFormatException e) {
        throw bad("bad numerical configuration: %s = %s", parameter, text.get());
      }
    }
    if (least != 0 && value < least) {
      throw bad("invalid %s parameter value %d < %d", parameter, value, least);
    }
    if (most != 0 && value > most) {
      throw bad("invalid %s parameter value %d > %d", parameter, value, most);
    }
    return value;
  }

  /** {@code yes} or {@code no}, in any case. */
  public boolean bool(String parameter, boolean otherwise) throws TableUnavailableException {
    Optional<String> text = string(parameter);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (text.get().equalsIgnoreCase("yes")) {
      return true;
    }
    if (text.get().equalsIgnoreCase("no")) {
      return false;
    }
    throw bad("bad boolean configuration: %s = %s", parameter, text.get());
  }

  /** What the file sets but nobody has asked for: misspelt, most likely. */
  public Set<String> unread() {
    Set<String> unread = new TreeSet<>(entries.keySet());
    unread.removeAll(asked);
    return unread;
  }

  /** How main.cf or the file calls a parameter. */
  private String fullName(String parameter) {
    return isFile ? parameter : opening.name() + "_" + parameter;
  }

  private TableUnavailableException bad(String form, Object... arguments) {
    Object[] shown = arguments.clone();
    for (int i = 0; i < shown.length; i++) {
      if (shown[i] instanceof String text) {
        shown[i] = ByteText.printable(text);
      }
    }
    String message = form.formatted(shown);
    // Without a file to name, the parameter's full name says where it stands.
    return new TableUnavailableException(
        isFile ? name() + ": " + message : inMainCf(message, arguments));
  }

  private String inMainCf(String message, Object[] arguments) {
    for (Object argument : arguments) {
      if (argument instanceof String parameter && asked.contains(parameter)) {
        return message.replaceFirst("\\b" + parameter + "\\b", fullName(parameter));
      }
    }
    return message;
  }
}
