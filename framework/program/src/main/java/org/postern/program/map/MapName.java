package org.postern.program.map;

import org.postern.platform.text.ByteStrings;

/**
 * A table as it is named on the command line.
 *
 * @param maptype a byte string
 * @param name a byte string
 */
public record MapName(String maptype, String name) {
  /** Tables behind a server are not these commands' business. */
  private static final String PROXY = "proxy";

  /**
   * The table that an argument names.
   *
   * @param defaultType the parameter default_database_type, for a name without a type
   */
  public static MapName of(String argument, String defaultType) {
    String bytes = ByteStrings.of(argument);
    int colon = bytes.indexOf(':');
    return colon < 0
        ? new MapName(defaultType, bytes)
        : new MapName(bytes.substring(0, colon), bytes.substring(colon + 1));
  }

  boolean isProxied() {
    return maptype.equals(PROXY);
  }

  /** {@code type:name}, a byte string. */
  String typeAndName() {
    return maptype + ":" + name;
  }

  /** The name of the table's source file. */
  String sourceName() {
    return ByteStrings.decode(name);
  }

  @Override
  public String toString() {
    return ByteStrings.decode(typeAndName());
  }
}
