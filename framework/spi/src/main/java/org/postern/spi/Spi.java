package org.postern.spi;

/** The version of this interface. */
public final class Spi {
  /**
   * Semantic version (major.minor.patch) that a plugin's {@code plugin.requires} is held against.
   */
  public static final String VERSION = "1.3.0";

  private Spi() {}
}
