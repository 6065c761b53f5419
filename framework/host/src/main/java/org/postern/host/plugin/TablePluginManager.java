package org.postern.host.plugin;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.pf4j.BasePluginLoader;
import org.pf4j.ClassLoadingStrategy;
import org.pf4j.DefaultPluginClasspath;
import org.pf4j.DefaultPluginManager;
import org.pf4j.DefaultPluginStatusProvider;
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
import org.pf4j.util.FileUtils;
import org.postern.spi.Spi;
import org.postern.spi.TablePlugin;

/** PF4J as Postern uses it: ZIPs and folders with a plugin.properties, and no class of the host. */
final class TablePluginManager extends DefaultPluginManager {
  /** The folder of a plugin's native libraries. */
  private static final String NATIVE = "native";

  TablePluginManager(Path directory) {
    super(directory);
    setSystemVersion(Spi.VERSION);
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
        // The application's classes first, which are the few of HostClasses: a plugin that carries
        // a copy of the SPI still works.
        return new PluginClassLoader(
            pluginManager, plugin, new HostClasses(), ClassLoadingStrategy.APD) {
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

  @Override
  protected PluginFactory createPluginFactory() {
    return TablePluginManager::create;
  }

  private static Plugin create(PluginWrapper wrapper) {
    String name = wrapper.getDescriptor().getPluginClass();
    try {
      Object plugin =
          wrapper.getPluginClassLoader().loadClass(name).getDeclaredConstructor().newInstance();
      if (plugin instanceof TablePlugin tablePlugin) {
        return new Loaded(tablePlugin);
      }
      throw new PluginRuntimeException(name + " does not implement " + TablePlugin.class.getName());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new PluginRuntimeException(e, "cannot create " + name + ": " + e);
    }
  }

  /** What PF4J keeps of a plugin. */
  static final class Loaded extends Plugin {
    private final TablePlugin tablePlugin;

    Loaded(TablePlugin tablePlugin) {
      this.tablePlugin = tablePlugin;
    }

    TablePlugin tablePlugin() {
      return tablePlugin;
    }
  }
}
