package org.postern.loader;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.util.Collections;
import java.util.List;

/**
 * Archives that are open, so that classes and resources are found in them when their files cannot
 * be opened any more.
 */
final class HeldArchives {
  /** Not there, so that all archives are looked through, and thereby opened. */
  private static final String NOWHERE = "META-INF/postern/nowhere";

  private HeldArchives() {}

  /** Opens those of a class loader. */
  static void open(ClassLoader loader) throws IOException {
    Collections.list(loader.getResources(NOWHERE));
    if (loader instanceof URLClassLoader archives) {
      for (URL archive : archives.getURLs()) {
        openForResources(archive.toString());
      }
    } else {
      // Each has a manifest.
      for (URL manifest : Collections.list(loader.getResources("META-INF/MANIFEST.MF"))) {
        List<String> parts = List.of(manifest.toString().split("!/", 2));
        if (parts.getFirst().startsWith("jar:")) {
          openForResources(parts.getFirst().substring("jar:".length()));
        }
      }
    }
  }

  /** The JDK reads resources through a file of its own, which it keeps. */
  private static void openForResources(String archive) throws IOException {
    if (archive.endsWith(".jar")) {
      URLConnection connection = URI.create("jar:" + archive + "!/").toURL().openConnection();
      connection.setUseCaches(true);
      connection.connect();
    }
  }
}
