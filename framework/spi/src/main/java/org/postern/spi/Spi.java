package org.postern.spi;

import java.util.List;

/** The version of this interface. */
public final class Spi {
  /**
   * Semantic version (major.minor.patch) that a plugin's {@code plugin.requires} is held against.
   */
  public static final String VERSION = "1.3.0";

  /** The versions that there have been before, and this one, from the first on. */
  public static final List<String> VERSIONS = List.of("1.0.0", "1.1.0", "1.2.0", VERSION);

  private Spi() {}
}
