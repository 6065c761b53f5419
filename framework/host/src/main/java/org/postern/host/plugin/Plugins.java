package org.postern.host.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginState;
import org.pf4j.PluginWrapper;
import org.postern.host.table.DriverRegistry;
import org.postern.spi.Spi;
import org.postern.spi.TableDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of a directory. One that is broken is left out, with its maptypes, and said why; so
 * is a maptype that two of them claim.
 */
public final class Plugins {
  private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

  private final Path directory;
  private final TablePluginManager manager;
  private final List<PluginProblem> problems = new ArrayList<>();
  private final List<InstalledPlugin> installed = new ArrayList<>();
  private final Map<String, TableDriver> drivers = new HashMap<>();
  private final Map<String, PluginWrapper> claims = new HashMap<>();
  private final Set<String> clashes = new HashSet<>();

  private Plugins(Path directory) {
    this.directory = directory;
    this.manager = new TablePluginManager(directory);
  }

  /** Loads all ZIPs and folders of a directory. What goes wrong is in {@link #problems()}. */
  public static Plugins load(Path directory) {
    Plugins plugins = new Plugins(directory);
    plugins.loadAll();
    return plugins;
  }

  public List<PluginProblem> problems() {
    return List.copyOf(problems);
  }

  public List<InstalledPlugin> installed() {
    return List.copyOf(installed);
  }

  public DriverRegistry drivers() {
    Map<String, String> ids = new HashMap<>();
    drivers.keySet().forEach(maptype -> ids.put(maptype, pluginOf(maptype)));
    return new DriverRegistry(drivers, ids);
  }

  private String pluginOf(String maptype) {
    return Objects.requireNonNull(claims.get(maptype)).getPluginId();
  }

  /** Loads what would be loaded later: before this process leaves its file system. */
  public void preload() throws IOException {
    holdArchives();
    new HashSet<>(drivers.values()).forEach(TableDriver::preload);
  }

  /** Has classes found though their archives cannot be opened any more. */
  public void holdArchives() throws IOException {
    HeldArchives.open(Plugins.class.getClassLoader());
    for (PluginWrapper plugin : manager.getPlugins()) {
      HeldArchives.open(plugin.getPluginClassLoader());
    }
  }

  private void loadAll() {
    try {
      SafeFiles.checkOne(directory);
      for (Path candidate : candidates()) {
        loadOne(candidate);
      }
    } catch (PluginUnusableException e) {
      problems.add(e.problem());
      return;
    } catch (IOException e) {
      problems.add(
          new PluginProblem(
              directory,
              "cannot read the plugin directory: " + e.getMessage(),
              "set postern_plugin_directory to the directory that holds the plugins"));
      return;
    }
    manager.startPlugins();
    manager.getUnresolvedPlugins().forEach(this::reportUnresolved);
    manager.getResolvedPlugins().forEach(this::register);
    clashes.forEach(drivers::remove);
  }

  /** Folders, and ZIPs that were not unpacked yet: PF4J unpacks them beside themselves. */
  private List<Path> candidates() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> Files.isDirectory(entry) ? !hasZip(entry) : isZip(entry))
          .filter(entry -> !fileName(entry).startsWith("."))
          .sorted()
          .toList();
    }
  }

  private static boolean hasZip(Path folder) {
    return Files.exists(folder.resolveSibling(fileName(folder) + ".zip"));
  }

  private static boolean isZip(Path file) {
    return fileName(file).toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  private void loadOne(Path candidate) {
    try {
      SafeFiles.check(candidate);
      Path unpacked = candidate.resolveSibling(fileName(candidate).replaceAll("(?i)\\.zip$", ""));
      if (Files.exists(unpacked)) {
        SafeFiles.check(unpacked);
      }
      manager.loadPlugin(candidate);
    } catch (PluginUnusableException e) {
      problems.add(e.problem());
    } catch (RuntimeException e) {
      // PF4J throws its own exception for some things, and whatever comes of it for a broken ZIP.
      LOG.debug("{}", candidate, e);
      problems.add(
          new PluginProblem(
              candidate,
              "cannot be loaded: " + message(e),
              isZip(candidate)
                  ? "check that it is a whole ZIP with a plugin.properties at its root, and that"
                      + " Postern may write to "
                      + directory
                      + " to unpack it (or unpack it there yourself)"
                  : "check its plugin.properties (plugin.id, plugin.version, plugin.class)"));
    }
  }

  private void reportUnresolved(PluginWrapper plugin) {
    problems.add(problem(plugin, "needs plugins that are not there", "install them beside it"));
  }

  private void register(PluginWrapper plugin) {
    PluginDescriptor descriptor = plugin.getDescriptor();
    if (plugin.getPluginState() == PluginState.DISABLED) {
      problems.add(
          problem(
              plugin,
              "is made for spi version "
                  + descriptor.getRequires()
                  + ", this is "
                  + Spi.VERSION
                  + " (or it is named in disabled.txt)",
              "install the version of the plugin that is made for this Postern"));
      return;
    }
    if (!(plugin.getPluginState() == PluginState.STARTED
        && plugin.getPlugin() instanceof TablePluginManager.Loaded loaded)) {
      problems.add(
          problem(plugin, message(plugin.getFailedException()), "ask who made the plugin"));
      return;
    }
    TreeSet<String> served = new TreeSet<>();
    try {
      for (TableDriver driver : loaded.tablePlugin().drivers()) {
        PluginDriver guarded = new PluginDriver(driver, plugin.getPluginClassLoader());
        for (String maptype : driver.maptypes()) {
          claim(maptype, guarded, plugin);
          served.add(maptype);
        }
      }
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("{}", plugin, e);
      served.forEach(drivers::remove);
      problems.add(problem(plugin, "cannot name its drivers: " + e, "ask who made the plugin"));
      return;
    }
    installed.add(
        new InstalledPlugin(
            plugin.getPluginId(),
            descriptor.getVersion(),
            descriptor.getPluginDescription(),
            descriptor.getRequires(),
            plugin.getPluginPath(),
            served));
  }

  private void claim(String maptype, TableDriver driver, PluginWrapper plugin) {
    PluginWrapper other = claims.putIfAbsent(maptype, plugin);
    if (other == null) {
      drivers.put(maptype, driver);
      return;
    }
    clashes.add(maptype);
    problems.add(
        problem(
            plugin,
            "brings the maptype \"" + maptype + "\", and so does " + other.getPluginPath(),
            "neither serves it; remove one of the two"));
  }

  private static PluginProblem problem(PluginWrapper plugin, String reason, String remedy) {
    return new PluginProblem(plugin.getPluginPath(), reason, remedy);
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
