package org.postern.config;

import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.ByteStrings;
import org.postern.spi.Parameters;

/**
 * The parameters at one moment: those of main.cf, over them those of postern.cf beside it, over
 * them those of {@code -o name=value}, and beneath all the defaults. Immutable.
 *
 * <p>Names and values are byte strings. A value is expanded each time it is asked for: keep what is
 * needed often. Every method that takes a parameter's name throws {@link ConfigurationException}
 * when the value cannot be expanded or is not of the type; for the parameters of {@link
 * PosternParameters} and for queue_directory and ipc_timeout, {@link #read} has made sure that
 * cannot happen.
 */
public final class Configuration {
  private static final String MAIN_CF = "main.cf";
  private static final String POSTERN_CF = "postern.cf";
  private static final String CONFIG_DIRECTORY = "config_directory";
  private static final String QUEUE_DIRECTORY = "queue_directory";
  private static final String IPC_TIMEOUT = "ipc_timeout";

  private final Path configDirectory;
  private final Map<String, Setting> settings;
  private final Map<String, String> defaults;
  private final List<String> warnings;
  private final WatchedFiles files;
  private final boolean jailed;

  private Configuration(
      Path configDirectory,
      Map<String, Setting> settings,
      Map<String, String> defaults,
      List<String> warnings,
      WatchedFiles files) {
    this.configDirectory = configDirectory;
    this.files = files;
    this.settings = settings;
    this.jailed = false;
    this.defaults = new HashMap<>(defaults);
    this.defaults.put(CONFIG_DIRECTORY, ByteStrings.of(configDirectory.toString()));
    addHostname();
    this.warnings = new ArrayList<>(warnings);
    this.warnings.addAll(UnknownParameters.warnings(settings.values()));
    PosternParameters.all().forEach(this::check);
    queueDirectory();
    time(IPC_TIMEOUT);
  }

  private Configuration(Configuration outside) {
    this.configDirectory = outside.configDirectory;
    this.settings = outside.settings;
    this.defaults = outside.defaults;
    this.warnings = outside.warnings;
    this.files = outside.files;
    this.jailed = true;
  }

  /**
   * Reads main.cf and postern.cf. One of them may be missing: a machine without Postfix has no
   * main.cf.
   *
   * @param overrides {@code -o name=value}, byte strings: {@link ByteStrings#of}
   * @throws ConfigurationException when both are missing, a file cannot be read or breaks the
   *     syntax, or a Postern parameter has a value that it cannot have
   */
  public static Configuration read(Path configDirectory, Map<String, String> overrides) {
    return read(configDirectory, overrides, Map.of());
  }

  /**
   * Reads main.cf and postern.cf, as {@link #read(Path, Map)} does.
   *
   * @param installedDefaults defaults that differ from Postfix's own where it was built for this
   *     machine: {@link InstalledPostfix#defaults()}
   */
  public static Configuration read(
      Path configDirectory, Map<String, String> overrides, Map<String, String> installedDefaults) {
    List<String> warnings = new ArrayList<>();
    Map<String, Setting> settings = new LinkedHashMap<>();
    WatchedFiles files = new WatchedFiles();
    boolean found = false;
    for (String name : List.of(MAIN_CF, POSTERN_CF)) {
      Path file = configDirectory.resolve(name);
      files.add(file);
      Optional<String> content = ConfigurationFile.read(file);
      found |= content.isPresent();
      MainCfParser.parse(file, content.orElse(""), warnings::add)
          .forEach(setting -> settings.put(setting.name(), setting));
    }
    if (!found) {
      throw new ConfigurationException(
          "open "
              + configDirectory.resolve(MAIN_CF)
              + ": No such file or directory; name Postfix's configuration directory with -c, or"
              + " write a postern.cf there");
    }
    addOverrides(settings, overrides);
    Map<String, String> defaults = new HashMap<>(PostfixDefaults.builtIn());
    defaults.putAll(installedDefaults);
    return new Configuration(configDirectory, settings, defaults, warnings, files);
  }

  /**
   * A configuration without files: as if all these were given with {@code -o}, and nothing else
   * were set.
   */
  public static Configuration of(Map<String, String> settings) {
    Map<String, Setting> all = new LinkedHashMap<>();
    addOverrides(all, settings);
    Setting directory = all.get(CONFIG_DIRECTORY);
    Map<String, String> defaults = PostfixDefaults.builtIn();
    String configDirectory =
        directory != null ? directory.value() : defaults.getOrDefault(CONFIG_DIRECTORY, "/");
    return new Configuration(
        Path.of(ByteStrings.decode(configDirectory)), all, defaults, List.of(), new WatchedFiles());
  }

  private static void addOverrides(Map<String, Setting> settings, Map<String, String> overrides) {
    Origin origin = new Origin.CommandLine();
    overrides.forEach((name, value) -> {
      Setting setting = MainCfParser.setting(ByteStrings.upToNul(name + "=" + value), origin);
      settings.put(setting.name(), setting);
    });
  }

  /** The expanded value or default. Empty when there is neither. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(raw(name)).map(value -> expand(name, value, (n, v) -> {}));
  }

  /** A value of {@code yes} or {@code no}. */
  public boolean bool(String name) {
    return convert(name, ParameterValue::bool);
  }

  /** A whole number. */
  public int integer(String name) {
    return convert(
        name, value -> (int) ParameterValue.number(value, least(name), Integer.MAX_VALUE));
  }

  /** A number of bytes. */
  public long size(String name) {
    return convert(name, value -> ParameterValue.number(value, least(name), Long.MAX_VALUE));
  }

  /** A time. One without a unit has that of the parameter's default, or else is in seconds. */
  public Duration time(String name) {
    return convert(name, value -> ParameterValue.time(value, defaultUnit(name), least(name)));
  }

  /** How far Postfix is on its way away from Berkeley DB; Postfix's own level for no value. */
  MigrationLevel level(String name) {
    boolean own = get(name).filter(value -> !value.isEmpty()).isPresent();
    return convert(own ? name : "non_bdb_migration_level", MigrationLevel::of);
  }

  /** Where to listen, not looked up yet; empty for no value. */
  public Optional<InetSocketAddress> address(String name) {
    return get(name).filter(value -> !value.isEmpty()).isPresent()
        ? Optional.of(convert(name, ParameterValue::address))
        : Optional.empty();
  }

  /** A file or folder, absolute or relative to what the parameter says; empty for no value. */
  public Optional<Path> path(String name) {
    Optional<String> value = get(name).filter(path -> !path.isEmpty());
    try {
      return value.map(path -> Path.of(ByteStrings.decode(path)));
    } catch (InvalidPathException e) {
      throw new ConfigurationException(blame(name) + "bad path: \"" + value.orElse("") + "\"", e);
    }
  }

  /** Where the parameter's value is from; empty when it has neither a setting nor a default. */
  public Optional<Origin> origin(String name) {
    Setting setting = settings.get(name);
    if (setting != null) {
      return Optional.of(setting.origin());
    }
    return Optional.ofNullable(raw(name)).map(value -> new Origin.Default());
  }

  /** The names of the parameters that are set otherwise than they were, or not any more; sorted. */
  public SortedSet<String> differences(Configuration before) {
    SortedSet<String> names = new TreeSet<>(settings.keySet());
    names.addAll(before.settings.keySet());
    names.removeIf(name -> Objects.equals(raw(name), before.raw(name)));
    return names;
  }

  /** Whether anything is set in main.cf. */
  public boolean hasMainCf() {
    Path main = configDirectory.resolve(MAIN_CF);
    return settings.values().stream()
        .anyMatch(setting ->
            setting.origin() instanceof Origin.InFile(Path file, int _) && file.equals(main));
  }

  /** The files that were read, main.cf and postern.cf, as they were just before. */
  public WatchedFiles files() {
    return files;
  }

  /** The directory that was read. */
  public Path configDirectory() {
    return configDirectory;
  }

  /** Postfix's queue_directory, absolute, as this process has to name it. */
  public Path queueDirectory() {
    if (jailed) {
      return Path.of("/");
    }
    Path directory = path(QUEUE_DIRECTORY).orElse(Path.of(""));
    if (!directory.isAbsolute()) {
      throw new ConfigurationException(
          blame(QUEUE_DIRECTORY) + "not an absolute path: \"" + directory + "\"");
    }
    return directory;
  }

  /**
   * The same for a process whose root directory is queue_directory. For all but {@link
   * #queueDirectory()} and drivers it stays what it was: lists of tables name it.
   */
  public Configuration inJail() {
    return new Configuration(this);
  }

  /** What Postfix would warn of, in its words, and {@code postern_} names that mean nothing. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * The same parameters for drivers, in UTF-8. Asking for one whose value cannot be expanded throws
   * {@link ConfigurationException}, which is that table's trouble alone.
   */
  public Parameters parameters() {
    return name -> {
      if (jailed && name.equals(QUEUE_DIRECTORY)) {
        return Optional.of("/");
      }
      return get(ByteStrings.of(name)).map(ByteStrings::decode);
    };
  }

  /** The value or default before expansion, or null. */
  public @Nullable String raw(String name) {
    Setting setting = settings.get(name);
    return setting != null ? setting.value() : defaultValue(name);
  }

  /**
   * The expanded value of a parameter, and of all that it refers to.
   *
   * @param references told each parameter that was looked up, and its value before expansion
   */
  public Optional<String> get(String name, BiConsumer<String, String> references) {
    return Optional.ofNullable(raw(name)).map(value -> expand(name, value, references));
  }

  private @Nullable String defaultValue(String name) {
    String value = defaults.get(name);
    return value != null
        ? value
        : PosternParameters.named(name).map(PosternParameter::defaultValue).orElse(null);
  }

  private String expand(String name, String value, BiConsumer<String, String> references) {
    Expansion expansion =
        new Expansion(reference -> {
          String found = raw(reference);
          if (found != null) {
            references.accept(reference, found);
          }
          return found;
        });
    try {
      return expansion.expand(name, value);
    } catch (ExpansionException e) {
      throw new ConfigurationException(blame(e.parameter()) + e.reason(), e);
    }
  }

  /** Turns a value into something else. */
  private interface Conversion<T> {
    T convert(String value) throws SyntaxException;
  }

  private <T> T convert(String name, Conversion<T> conversion) {
    try {
      return conversion.convert(get(name).orElse(""));
    } catch (SyntaxException e) {
      throw new ConfigurationException(blame(name) + e.reason(), e);
    }
  }

  private String blame(String name) {
    String where = origin(name).map(origin -> origin + ": ").orElse("");
    return where + "parameter " + name + ": ";
  }

  private long least(String name) {
    long otherwise = name.equals(IPC_TIMEOUT) ? 1 : 0;
    return PosternParameters.named(name).map(PosternParameter::least).orElse(otherwise);
  }

  private char defaultUnit(String name) {
    String value = defaultValue(name);
    char last = value == null || value.isEmpty() ? 's' : value.charAt(value.length() - 1);
    return ByteStrings.isDigit(last) ? 's' : last;
  }

  private void check(PosternParameter parameter) {
    String name = parameter.name();
    switch (parameter.type()) {
      case BOOLEAN -> bool(name);
      case INTEGER -> integer(name);
      case SIZE -> size(name);
      case TIME -> time(name);
      case PATH -> path(name);
      case ADDRESS -> address(name);
      case LEVEL -> level(name);
      case WORDS -> {}
    }
  }

  /** As Postfix names a host that is not named in main.cf; neither asks a name service. */
  private void addHostname() {
    String host = PostfixDefaults.hostname();
    if (!host.contains(".")) {
      host += "." + get("mydomain").orElse("localdomain");
    }
    defaults.put("myhostname", host);
    String name = get("myhostname").orElse(host);
    defaults.put(
        "mydomain", name.contains(".") ? name.substring(name.indexOf('.') + 1) : "localdomain");
  }
}
