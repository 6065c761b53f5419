package org.postern.loader;

import java.nio.file.Path;
import java.util.Set;

/**
 * Where vendors' plugins are, and what they may do.
 *
 * @param directory postern_plugin_directory
 * @param overriding the built-in maptypes that one of them may serve instead:
 *     postern_plugin_override_maptypes
 * @param unpacking what becomes of ZIPs
 */
public record VendorPlugins(Path directory, Set<String> overriding, Unpacking unpacking) {
  public VendorPlugins {
    overriding = Set.copyOf(overriding);
  }
}
