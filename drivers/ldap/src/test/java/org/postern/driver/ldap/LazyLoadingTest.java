package org.postern.driver.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** A server without ldap tables does not pay for the LDAP library. */
final class LazyLoadingTest {

  /** Loads all but the JDK by itself, and remembers what. */
  private static final class Recorder extends URLClassLoader {
    private final Set<String> loaded = ConcurrentHashMap.newKeySet();

    Recorder() throws MalformedURLException {
      super(classPath(), ClassLoader.getPlatformClassLoader());
    }

    private static URL[] classPath() throws MalformedURLException {
      List<URL> places = new ArrayList<>();
      for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        places.add(Path.of(place).toUri().toURL());
      }
      return places.toArray(new URL[0]);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      Class<?> found = super.findClass(name);
      loaded.add(name);
      return found;
    }

    List<String> ofTheLibrary() {
      return loaded.stream().filter(name -> name.startsWith("com.unboundid.")).toList();
    }
  }

  @Test
  void theLibraryIsLoadedForTheFirstTable() throws Exception {
    try (Recorder loader = new Recorder()) {
      Class<?> type = loader.loadClass(LdapDriver.class.getName());
      Object driver = type.getConstructor().newInstance();
      assertThat(type.getMethod("maptypes").invoke(driver)).isEqualTo(Set.of("ldap"));
      assertThat(loader.ofTheLibrary()).isEmpty();
      // What the first table needs: to show that this would be noticed.
      assertThat(loader.loadClass(Directory.class.getName()).getDeclaredMethods()).isNotEmpty();
      assertThat(loader.ofTheLibrary()).isNotEmpty();
    }
  }
}
