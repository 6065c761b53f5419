package org.postern.program.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.config.InstalledPostfix;
import org.postern.loader.Plugins;
import org.postern.loader.Unpacking;
import org.postern.loader.VendorPlugins;
import org.postern.platform.text.ByteStrings;
import org.postern.program.log.LogSetup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/**
 * The options that every command has, by Postfix's conventions, and what they lead to. They are
 * told to picocli without annotations, for {@code postern serve}: to read those takes it a quarter
 * of the time to the first answer.
 */
@Command
final class CommonOptions {
  private static final String DIRECTORY = "postern_plugin_directory";

  private final OptionSpec configDirectory =
      OptionSpec.builder("-c")
          .paramLabel("config_directory")
          .type(Path.class)
          .description(
              "Where main.cf and postern.cf are. Default: MAIL_CONFIG of the environment, else what"
                  + " \"postconf -d config_directory\" says, else /etc/postfix.")
          .build();

  private final OptionSpec overrides =
      OptionSpec.builder("-o")
          .paramLabel("name=value")
          .type(Map.class)
          .auxiliaryTypes(String.class, String.class)
          .description("Overrides a parameter of main.cf and postern.cf. May be repeated.")
          .build();

  private final OptionSpec verbose =
      OptionSpec.builder("-v")
          .arity("0")
          .type(boolean[].class)
          .description("Logs in more detail; given twice, every request and its reply.")
          .build();

  /** Gives them to the command that they are mixed into. */
  @Spec(Spec.Target.MIXEE)
  void addTo(CommandSpec command) {
    command.addOption(configDirectory).addOption(overrides).addOption(verbose);
  }

  /** How often {@code -v} was given. */
  int verbosity() {
    boolean @Nullable [] given = verbose.getValue();
    return given == null ? 0 : given.length;
  }

  /** Whether a parameter was given with {@code -o}. */
  boolean hasOverrides() {
    @Nullable Map<String, String> given = overrides.getValue();
    return given != null && !given.isEmpty();
  }

  /** Reads the configuration, and has later log lines look as it says, and be as many as asked. */
  Configuration configuration() {
    LogSetup.verbosity(verbosity());
    return configurationAnew();
  }

  /** Reads the configuration again. How much is logged stays as it is. */
  Configuration configurationAnew() {
    @Nullable Map<String, String> given = overrides.getValue();
    Configuration configuration =
        configuration(configDirectory.<@Nullable Path>getValue(), given == null ? Map.of() : given);
    configuration.get("syslog_name").ifPresent(LogSetup::syslogName);
    return configuration;
  }

  /**
   * Reads the configuration.
   *
   * @param configDirectory null for Postfix's own
   * @param overrides byte strings
   */
  static Configuration configuration(
      @Nullable Path configDirectory, Map<String, String> overrides) {
    Map<String, String> installed = InstalledPostfix.defaults();
    Path directory = configDirectory != null ? configDirectory : Path.of(directoryOf(installed));
    return Configuration.read(directory.toAbsolutePath().normalize(), overrides, installed);
  }

  private static String directoryOf(Map<String, String> installed) {
    String environment = System.getenv("MAIL_CONFIG");
    return environment != null
        ? environment
        : installed.getOrDefault("config_directory", "/etc/postfix");
  }

  /**
   * Loads the plugins of the installation and of postern_plugin_directory, for a command: nothing
   * that is unpacked for it outlives it.
   */
  static Plugins plugins(Configuration configuration) {
    Plugins plugins = pluginsOfInstallation(configuration);
    addVendors(plugins, configuration, Unpacking.temporary());
    return plugins;
  }

  /** Loads the plugins of the installation. */
  static Plugins pluginsOfInstallation(Configuration configuration) {
    String home = System.getProperty("postern.home");
    if (home != null && Files.isDirectory(Path.of(home))) {
      return Plugins.ofInstallation(Path.of(home, "plugins"));
    }
    if (configuration.path(DIRECTORY).isEmpty()) {
      throw new ConfigurationException(
          DIRECTORY
              + " is empty, and this is not run by bin/postern: set it to the directory that holds"
              + " the plugins");
    }
    return Plugins.none();
  }

  /**
   * Adds the plugins of postern_plugin_directory to those of the installation, for a server: as the
   * user that it is now.
   */
  static void addVendors(Plugins plugins, Configuration configuration) {
    String data = configuration.get("data_directory").orElse("");
    addVendors(
        plugins,
        configuration,
        Unpacking.into(Path.of(ByteStrings.decode(data), "postern", "plugins")));
  }

  private static void addVendors(
      Plugins plugins, Configuration configuration, Unpacking unpacking) {
    Set<String> overriding =
        Set.copyOf(
            List.of(
                configuration
                    .get("postern_plugin_override_maptypes")
                    .orElse("")
                    .trim()
                    .split("[\\s,]+")));
    configuration
        .path(DIRECTORY)
        .filter(directory -> !isOfInstallation(directory))
        .ifPresent(directory -> plugins.add(new VendorPlugins(directory, overriding, unpacking)));
  }

  /** Whether it is the directory whose plugins are there anyway. */
  private static boolean isOfInstallation(Path directory) {
    String home = System.getProperty("postern.home");
    try {
      return home != null && Files.isSameFile(directory, Path.of(home, "plugins"));
    } catch (IOException e) {
      return false; // one of the two is not there
    }
  }
}
