package org.postern.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginState;
import org.pf4j.PluginWrapper;
import org.postern.platform.text.Secrets;
import org.postern.spi.Spi;
import org.postern.spi.TableDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of the installation, and those that vendors add. One that is broken is left out, with
 * its maptypes, and said why; so is a maptype that two vendors claim. A built-in maptype stays
 * built-in unless the operator says otherwise.
 */
public final class Plugins {
  private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);
  private static final Pattern MAPTYPE = Pattern.compile("[a-z0-9_]+");

  /** How long all vendors' plugins together may take to start. */
  private static final Duration START = Duration.ofSeconds(5);

  private final List<TablePluginManager> managers = new ArrayList<>();
  private final List<PluginProblem> problems = new ArrayList<>();
  private final List<InstalledPlugin> installed = new ArrayList<>();
  private final Map<String, Claim> claims = new HashMap<>();
  private final Map<String, Claim> builtIn = new HashMap<>();
  private final Set<String> clashes = new HashSet<>();

  /** Who serves a maptype. */
  private record Claim(TableDriver driver, String plugin, Path path, boolean builtIn) {}

  private Plugins() {}

  /** No plugins, or none yet. */
  public static Plugins none() {
    return new Plugins();
  }

  /**
   * Loads the folders of an installation's directory. What goes wrong is in {@link #problems()}.
   */
  public static Plugins ofInstallation(Path directory) {
    Plugins plugins = new Plugins();
    plugins.load(directory, Optional.empty());
    return plugins;
  }

  /**
   * Adds the folders and ZIPs of a vendors' directory. Their code runs meanwhile, each on a thread
   * of its own, for a limited time.
   *
   * @return what went wrong; it is among {@link #problems()} too
   */
  public List<PluginProblem> add(VendorPlugins vendors) {
    int before = problems.size();
    load(vendors.directory(), Optional.of(vendors));
    return List.copyOf(problems.subList(before, problems.size()));
  }

  public List<PluginProblem> problems() {
    return List.copyOf(problems);
  }

  public List<InstalledPlugin> installed() {
    return List.copyOf(installed);
  }

  public DriverRegistry drivers() {
    Map<String, TableDriver> drivers = new HashMap<>();
    Map<String, String> ids = new HashMap<>();
    claims.forEach((maptype, claimed) -> {
      Claim claim = clashes.contains(maptype) ? builtIn.get(maptype) : claimed;
      if (claim != null) {
        drivers.put(maptype, claim.driver());
        ids.put(maptype, claim.plugin());
      }
    });
    return new DriverRegistry(
        drivers, ids, problems.stream().map(problem -> problem.file().toString()).toList());
  }

  /** Loads what would be loaded later: before this process leaves its file system. */
  public void preload() throws IOException {
    holdArchives();
    Set<TableDriver> drivers = new HashSet<>();
    claims.values().forEach(claim -> drivers.add(claim.driver()));
    drivers.forEach(TableDriver::preload);
  }

  /** Has classes found though their archives cannot be opened any more. */
  public void holdArchives() throws IOException {
    Set<ClassLoader> loaders = new LinkedHashSet<>();
    loaders.add(Plugins.class.getClassLoader());
    for (TablePluginManager manager : managers) {
      for (PluginWrapper plugin : manager.getPlugins()) {
        loaders.add(plugin.getPluginClassLoader());
      }
    }
    for (ClassLoader loader : loaders) {
      HeldArchives.open(loader);
    }
  }

  /** What one directory holds. */
  private final class Loading {
    private final Path directory;
    private final Optional<VendorPlugins> vendors;
    private final TablePluginManager manager;

    /** The file in the directory from which a plugin was loaded, by its id. */
    private final Map<String, Path> origins = new HashMap<>();

    Loading(Path directory, Optional<VendorPlugins> vendors) {
      this.directory = directory;
      this.vendors = vendors;
      this.manager = new TablePluginManager(directory, vendors.map(_ -> START));
    }

    void loadAll() throws IOException, PluginUnusableException {
      managers.add(manager);
      for (Path candidate : candidates()) {
        loadOne(candidate);
      }
      manager.startPlugins();
      manager
          .getUnresolvedPlugins()
          .forEach(plugin ->
              problems.add(
                  problem(plugin, "needs plugins that are not there", "install them beside it")));
      manager.getResolvedPlugins().forEach(this::register);
      vendors.ifPresent(vendor -> vendor.unpacking().removeStale());
    }

    private List<Path> candidates() throws IOException {
      try (Stream<Path> entries = Files.list(directory)) {
        return entries
            .filter(entry -> !fileName(entry).startsWith("."))
            .filter(entry -> Files.isDirectory(entry) || isZip(entry) || isJar(entry))
            .sorted()
            .toList();
      }
    }

    private void loadOne(Path candidate) {
      try {
        Path folder = folder(candidate);
        checkSpiUse(candidate, folder);
        origins.put(manager.loadPlugin(folder), candidate);
      } catch (PluginUnusableException e) {
        problems.add(e.problem());
      } catch (IOException | RuntimeException | LinkageError e) {
        // PF4J throws its own exception for some things, and whatever comes of it for others.
        LOG.debug("{}", candidate, e);
        problems.add(
            new PluginProblem(
                candidate,
                "cannot be loaded: " + message(e),
                isZip(candidate)
                    ? "check that it is a whole ZIP with a plugin.properties at its root; if it"
                        + " cannot be unpacked, unpack it yourself to a folder of "
                        + directory
                    : "check its plugin.properties (plugin.id, plugin.version, plugin.class)"));
      }
    }

    /** The plugin's folder: for a ZIP, where it is unpacked. */
    private Path folder(Path candidate) throws IOException, PluginUnusableException {
      if (isJar(candidate)) {
        throw unusable(
            candidate,
            "is an archive of classes and no plugin",
            "put it into lib/ of a folder or a ZIP that has a plugin.properties at its root");
      }
      if (Files.isDirectory(candidate)) {
        if (Files.exists(candidate.resolveSibling(fileName(candidate) + ".zip"))) {
          throw unusable(
              candidate,
              "stands beside a ZIP of the same name, which is what is loaded",
              "remove the one of the two that you do not want");
        }
        SafeFiles.check(candidate);
        return candidate;
      }
      if (vendors.isEmpty()) {
        throw unusable(
            candidate,
            "is a ZIP among the plugins of the installation",
            "put it into the directory that postern_plugin_directory names");
      }
      SafeFiles.check(candidate);
      return vendors.get().unpacking().unpack(candidate);
    }

    /** Whether a vendor's plugin says truly which versions of the spi it works with. */
    private void checkSpiUse(Path candidate, Path folder)
        throws IOException, PluginUnusableException {
      if (vendors.isEmpty()) {
        return;
      }
      PluginDescriptor descriptor = manager.descriptor(folder);
      String requires = String.valueOf(descriptor.getRequires()).trim();
      if (requires.isEmpty() || requires.equals("*")) {
        throw unusable(
            candidate,
            "does not say which versions of the spi it works with",
            "write plugin.requires=>="
                + SpiUse.of(folder).version()
                + " & <2.0.0 into its plugin.properties, or ask who has made the plugin");
      }
      SpiUse use = SpiUse.of(folder);
      manager.setEnding(folder, use.ending());
      for (String earlier : Spi.VERSIONS) {
        if (earlier.compareTo(use.version()) < 0
            && manager.getVersionManager().checkVersionConstraint(earlier, requires)) {
          throw unusable(
              candidate,
              "says that it works with spi "
                  + earlier
                  + " (plugin.requires="
                  + requires
                  + "), but uses "
                  + use.what()
                  + ", which came with "
                  + use.version(),
              "write plugin.requires=>="
                  + use.version()
                  + " & <2.0.0 into its plugin.properties, or ask who has made the plugin");
        }
      }
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
        Throwable failure = plugin.getFailedException();
        problems.add(
            problem(
                plugin,
                failure == null ? "does not start" : message(failure),
                "ask who made the plugin"));
        return;
      }
      String malformed = malformed(loaded);
      if (malformed != null) {
        problems.add(problem(plugin, malformed, "ask who made the plugin"));
        return;
      }
      TreeSet<String> served = new TreeSet<>();
      for (PluginDriver driver : loaded.drivers()) {
        for (String maptype : driver.maptypes()) {
          if (claim(maptype, driver, plugin)) {
            served.add(maptype);
          }
        }
      }
      installed.add(
          new InstalledPlugin(
              plugin.getPluginId(),
              descriptor.getVersion(),
              String.valueOf(descriptor.getPluginDescription()),
              descriptor.getRequires(),
              origin(plugin),
              served));
    }

    /** What is wrong with the names of its maptypes, if anything is. */
    private @Nullable String malformed(TablePluginManager.Loaded loaded) {
      if (loaded.drivers().stream().allMatch(driver -> driver.maptypes().isEmpty())) {
        return "brings no maptype";
      }
      return loaded.drivers().stream()
          .flatMap(driver -> driver.maptypes().stream())
          .filter(maptype -> !MAPTYPE.matcher(maptype).matches() || maptype.equals("proxy"))
          .map(maptype ->
              "brings the maptype \""
                  + maptype
                  + "\", which cannot be one: lower case letters, digits and underscores, and not"
                  + " \"proxy\"")
          .findFirst()
          .orElse(null);
    }

    /** Whether the maptype is the plugin's from now on; a problem says why it is not. */
    private boolean claim(String maptype, PluginDriver driver, PluginWrapper plugin) {
      Claim own = new Claim(driver, plugin.getPluginId(), origin(plugin), vendors.isEmpty());
      Claim other = claims.get(maptype);
      if (other == null) {
        claims.put(maptype, own);
        if (own.builtIn()) {
          builtIn.put(maptype, own);
        }
        return true;
      }
      if (other.builtIn() && vendors.isPresent()) {
        if (vendors.get().overriding().contains(maptype)) {
          LOG.info("plugin {} serves {} instead of the built-in one", own.path(), maptype);
          claims.put(maptype, own);
          return true;
        }
        problems.add(
            problem(
                plugin,
                "brings the maptype \"" + maptype + "\", which is built in and stays so",
                "to have the plugin serve it, name it in postern_plugin_override_maptypes"));
        return false;
      }
      clashes.add(maptype);
      if (own.builtIn()) {
        builtIn.remove(maptype);
      }
      problems.add(
          problem(
              plugin,
              "brings the maptype \"" + maptype + "\", and so does " + other.path(),
              "neither serves it; remove one of the two"));
      return true;
    }

    private Path origin(PluginWrapper plugin) {
      return Objects.requireNonNullElse(origins.get(plugin.getPluginId()), plugin.getPluginPath());
    }

    private PluginProblem problem(PluginWrapper plugin, String reason, String remedy) {
      return new PluginProblem(origin(plugin), reason, remedy);
    }
  }

  private void load(Path directory, Optional<VendorPlugins> vendors) {
    try {
      if (vendors.isPresent()) {
        SafeFiles.checkWithAncestors(directory);
      } else {
        SafeFiles.checkOne(directory);
      }
      new Loading(directory, vendors).loadAll();
    } catch (PluginUnusableException e) {
      problems.add(e.problem());
    } catch (IOException e) {
      problems.add(
          new PluginProblem(
              directory,
              "cannot read the plugin directory: " + e.getMessage(),
              "set postern_plugin_directory to the directory that holds the plugins"));
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("{}", directory, e);
      problems.add(
          new PluginProblem(
              directory, "its plugins cannot be loaded: " + message(e), "report this to Postern"));
    }
  }

  private static PluginUnusableException unusable(Path file, String reason, String remedy) {
    return new PluginUnusableException(new PluginProblem(file, reason, remedy));
  }

  private static boolean isZip(Path file) {
    return hasEnding(file, ".zip");
  }

  private static boolean isJar(Path file) {
    return hasEnding(file, ".jar");
  }

  private static boolean hasEnding(Path file, String ending) {
    return fileName(file).toLowerCase(Locale.ROOT).endsWith(ending) && !Files.isDirectory(file);
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return Secrets.hidden(
        message == null || failure instanceof Error ? failure.toString() : message);
  }
}
