package org.postern.loader;

import java.io.IOException;
import java.io.InputStream;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.Set;
import org.pf4j.ClassLoadingStrategy;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginManager;

/** Loads the classes of a plugin, and changes those that would end the process. */
class TablePluginClassLoader extends PluginClassLoader {
  private final Set<String> ending;

  /**
   * @param ending the names of classes with calls that end the process
   */
  TablePluginClassLoader(PluginManager manager, PluginDescriptor plugin, Set<String> ending) {
    // The application's classes first, which are the few of HostClasses: a plugin that carries
    // a copy of the SPI still works.
    super(manager, plugin, new HostClasses(), ClassLoadingStrategy.APD);
    this.ending = Set.copyOf(ending);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (!ending.contains(name)) {
      return super.findClass(name);
    }
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = getResourceAsStream(file)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] changed = NoExit.without(in.readAllBytes(), this);
      return defineClass(
          name,
          changed,
          0,
          changed.length,
          new CodeSource(getResource(file), (Certificate[]) null));
    } catch (IOException | IllegalArgumentException e) {
      throw new ClassNotFoundException(
          name + " would end the process, and cannot be changed so that it does not: " + e, e);
    }
  }
}
