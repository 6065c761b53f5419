package org.postern.loader;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pf4j.BasePluginLoader;
import org.pf4j.DefaultPluginClasspath;
import org.pf4j.DefaultPluginManager;
import org.pf4j.DefaultPluginStatusProvider;
import org.pf4j.DefaultVersionManager;
import org.pf4j.Plugin;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginFactory;
import org.pf4j.PluginLoader;
import org.pf4j.PluginRuntimeException;
import org.pf4j.PluginStatusProvider;
import org.pf4j.PluginWrapper;
import org.pf4j.PropertiesPluginDescriptorFinder;
import org.pf4j.VersionManager;
import org.pf4j.util.FileUtils;
import org.postern.platform.text.Secrets;
import org.postern.spi.Spi;
import org.postern.spi.TableDriver;
import org.postern.spi.TablePlugin;
import org.postern.spi.TableUnavailableException;

/** PF4J as Postern uses it: ZIPs and folders with a plugin.properties, and no class of the host. */
final class TablePluginManager extends DefaultPluginManager {
  /** The folder of a plugin's native libraries. */
  private static final String NATIVE = "native";

  /** For the last ones too, when the first ones have taken all the time. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  /**
   * Of the program itself. An installation has its own plugins there too, since the JDK keeps
   * compiled lambdas and profiles in an AOT cache for this class loader only. No plugin of a vendor
   * sees what is there, but for {@link HostClasses}.
   */
  private static final ClassLoader CLASS_PATH = Spi.class.getClassLoader();

  private final Optional<Duration> start;
  private final Map<Path, Set<String>> ending = new HashMap<>();
  private final long begun = System.nanoTime();

  /**
   * @param start how long all plugins together may take to start; empty for our own, whose code
   *     runs on the calling thread
   */
  TablePluginManager(Path directory, Optional<Duration> start) {
    super(directory);
    this.start = start;
    setSystemVersion(Spi.VERSION);
  }

  /** Notes which classes of a folder have calls that end the process, before it is loaded. */
  void setEnding(Path folder, Set<String> classes) {
    ending.put(folder, classes);
  }

  /** What a plugin's plugin.properties says. */
  PluginDescriptor descriptor(Path folder) {
    return getPluginDescriptorFinder().find(folder);
  }

  /** Loads one, which {@link #startPlugins} resolves: PF4J resolves all after each otherwise. */
  @Override
  public String loadPlugin(Path path) {
    return loadPluginFromPath(path).getPluginId();
  }

  @Override
  public void startPlugins() {
    resolvePlugins();
    super.startPlugins();
  }

  /** Most plugins require the same, and to parse that takes longer than all else about one. */
  @Override
  protected VersionManager createVersionManager() {
    return new DefaultVersionManager() {
      private final Map<List<String>, Boolean> known = new HashMap<>();

      @Override
      public boolean checkVersionConstraint(String version, String constraint) {
        return known.computeIfAbsent(
            List.of(version, constraint), _ -> super.checkVersionConstraint(version, constraint));
      }
    };
  }

  @Override
  protected PluginDescriptorFinder createPluginDescriptorFinder() {
    return new PropertiesPluginDescriptorFinder();
  }

  @Override
  protected PluginStatusProvider createPluginStatusProvider() {
    return new DefaultPluginStatusProvider(getPluginsRoot());
  }

  @Override
  protected PluginLoader createPluginLoader() {
    return new BasePluginLoader(this, new DefaultPluginClasspath()) {
      @Override
      public ClassLoader loadPlugin(Path path, PluginDescriptor plugin) {
        return start.isEmpty() && isOnClassPath(plugin.getPluginClass())
            ? CLASS_PATH
            : super.loadPlugin(path, plugin);
      }

      @Override
      protected void loadJars(Path plugin, PluginClassLoader loader) {
        // The small ones first: a plugin's own, before libraries that nothing is wanted of until a
        // table is opened. To look a class up takes opening all archives up to the one that has it.
        pluginClasspath.getJarsDirectories().stream()
            .flatMap(directory -> FileUtils.getJars(plugin.resolve(directory)).stream())
            .sorted((one, other) -> Long.compare(one.length(), other.length()))
            .forEach(loader::addFile);
      }

      @Override
      protected PluginClassLoader createPluginClassLoader(Path path, PluginDescriptor plugin) {
        return new TablePluginClassLoader(
            pluginManager, plugin, ending.getOrDefault(path, Set.of())) {
          // For System.loadLibrary. A library is one class loader's: each plugin has its own.
          @Override
          protected @Nullable String findLibrary(String name) {
            Path library = path.resolve(NATIVE).resolve(System.mapLibraryName(name));
            return Files.exists(library) ? library.toAbsolutePath().toString() : null;
          }
        };
      }
    };
  }

  private static boolean isOnClassPath(String plugin) {
    try {
      Class.forName(plugin, false, CLASS_PATH);
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  @Override
  protected PluginFactory createPluginFactory() {
    return this::create;
  }

  private Plugin create(PluginWrapper wrapper) {
    if (start.isEmpty()) {
      try {
        return loaded(wrapper, Optional.empty());
      } catch (Exception | LinkageError e) {
        throw new PluginRuntimeException(e, String.valueOf(e.getMessage()));
      }
    }
    Duration left = start.get().minusNanos(System.nanoTime() - begun);
    Patience patience = new Patience(wrapper.getPluginId());
    try {
      return patience.call(
          "the plugin's start (its constructor, drivers(), maptypes())",
          left.compareTo(LEAST) < 0 ? LEAST : left,
          () -> loaded(wrapper, Optional.of(patience)));
    } catch (TableUnavailableException e) {
      throw new PluginRuntimeException(e, Secrets.hidden(String.valueOf(e.getMessage())));
    }
  }

  /**
   * The plugin's drivers, with all that is asked of them once. What goes wrong is an exception that
   * says in words what it is.
   */
  private static Loaded loaded(PluginWrapper wrapper, Optional<Patience> patience)
      throws TableUnavailableException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    ClassLoader loader = wrapper.getPluginClassLoader();
    thread.setContextClassLoader(loader);
    try {
      TablePlugin plugin = created(wrapper.getDescriptor().getPluginClass(), loader);
      List<PluginDriver> drivers = new ArrayList<>();
      for (TableDriver driver : Objects.requireNonNull(plugin.drivers(), "drivers() is null")) {
        drivers.add(new PluginDriver(wrapper.getPluginId(), driver, loader, patience));
      }
      return new Loaded(drivers);
    } catch (TableUnavailableException e) {
      throw e;
    } catch (Throwable e) { // whatever a plugin throws
      throw new TableUnavailableException("cannot name its drivers: " + e, e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static TablePlugin created(String name, ClassLoader loader)
      throws TableUnavailableException {
    Object plugin;
    try {
      plugin = loader.loadClass(name).getDeclaredConstructor().newInstance();
    } catch (InvocationTargetException e) {
      throw new TableUnavailableException("cannot create " + name + ": " + e.getCause(), e);
    } catch (Throwable e) { // whatever a plugin throws
      throw new TableUnavailableException("cannot create " + name + ": " + e, e);
    }
    if (plugin instanceof TablePlugin tablePlugin) {
      return tablePlugin;
    }
    throw new TableUnavailableException(
        name + " does not implement " + TablePlugin.class.getName());
  }

  /** What PF4J keeps of a plugin. */
  static final class Loaded extends Plugin {
    private final List<PluginDriver> drivers;

    Loaded(List<PluginDriver> drivers) {
      this.drivers = List.copyOf(drivers);
    }

    List<PluginDriver> drivers() {
      return drivers;
    }
  }
}
