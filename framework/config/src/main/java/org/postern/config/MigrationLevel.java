package org.postern.config;

import org.postern.platform.text.ByteStrings;

/**
 * How far Postfix is on its way away from Berkeley DB: postconf(5), {@code
 * non_bdb_migration_level}.
 */
public enum MigrationLevel {
  /** A hash or btree table is a Berkeley DB file. */
  DISABLE,
  /** A hash or btree table is one of another type, from a file that somebody has made. */
  ENABLE_REDIRECT,
  /** The same; Postfix's own programs have nbdb_reindexd(8) make a file that is missing. */
  ENABLE_REINDEX;

  static final String PARAMETER = "postern_non_bdb_migration_level";

  /** The level that a configuration asks for. */
  public static MigrationLevel of(Configuration configuration) {
    return configuration.level(PARAMETER);
  }

  static MigrationLevel of(String value) throws SyntaxException {
    return switch (value) {
      case "disable" -> DISABLE;
      case "enable-redirect" -> ENABLE_REDIRECT;
      case "enable-reindex" -> ENABLE_REINDEX;
      default ->
          throw new SyntaxException(
              "invalid non-Berkeley-DB migration level: \""
                  + ByteStrings.printable(value)
                  + "\"; write disable, enable-redirect or enable-reindex");
    };
  }
}
