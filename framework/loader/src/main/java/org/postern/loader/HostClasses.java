package org.postern.loader;

import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Spi;

/**
 * What a plugin sees beyond its own lib/: the SPI, SLF4J and the JDK. Parent of every plugin's
 * class loader.
 */
final class HostClasses extends ClassLoader {
  private static final List<String> SEEN = List.of("org.postern.spi.", "org.slf4j.");

  private final ClassLoader host = Spi.class.getClassLoader();

  HostClasses() {
    super("postern-host-classes", ClassLoader.getPlatformClassLoader());
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (SEEN.stream().anyMatch(name::startsWith)) {
      return host.loadClass(name);
    }
    throw new ClassNotFoundException(
        name + ": a plugin sees the JDK, org.postern.spi, org.slf4j and its own lib/ only");
  }

  @Override
  protected @Nullable URL findResource(String name) {
    return null;
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    return Collections.emptyEnumeration();
  }
}
