package org.postern.host.table;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.config.MigrationLevel;
import org.postern.loader.DriverRegistry;
import org.postern.platform.text.ByteStrings;
import org.postern.spi.ConfigError;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;

/**
 * Which type serves a table of a Berkeley DB type, where Postfix is told to do without Berkeley DB:
 * postconf(5), {@code non_bdb_migration_level} and {@code non_bdb_custom_mapping}. As in Postfix, a
 * name keeps its place: {@code hash:/file} becomes {@code lmdb:/file}, read from {@code
 * /file.lmdb}.
 */
final class Redirection {
  /** With what {@code non_bdb_custom_mapping} is asked. */
  static final int MAPPING_FLAGS = TableFlags.FOLD_FIX | TableFlags.UTF8_REQUEST;

  private static final String CUSTOM = "non_bdb_custom_mapping";

  private static final String WRITE = "; write lmdb, or cdb";

  /** Where each type's target is when there is no mapping of the operator's. */
  private static final Map<String, String> TARGETS =
      Map.of("hash", "default_database_type", "btree", "default_cache_db_type");

  private static final Map<String, String> SUFFIXES = Map.of("cdb", ".cdb", "lmdb", ".lmdb");

  /** Asks the table that {@code non_bdb_custom_mapping} names. */
  interface Mapping {
    /**
     * The value of a key in a table.
     *
     * @param typeAndName of the mapping, a byte string
     */
    LookupResult lookup(String typeAndName, byte[] key);
  }

  private final Configuration configuration;
  private final DriverRegistry drivers;

  Redirection(Configuration configuration, DriverRegistry drivers) {
    this.configuration = configuration;
    this.drivers = drivers;
  }

  /** The parameters by which that is decided for a type. */
  static List<String> parameters(String maptype) {
    String target = TARGETS.get(maptype);
    return target == null
        ? List.of()
        : List.of(
            "postern_non_bdb_migration_level",
            "non_bdb_migration_level",
            "smtputf8_enable",
            CUSTOM,
            target);
  }

  /** Whether tables of this type may be served by another one. */
  boolean concerns(String maptype) {
    return TARGETS.containsKey(maptype)
        && MigrationLevel.of(configuration) != MigrationLevel.DISABLE;
  }

  /** Those instance flags that make a difference to a driver that may serve this type. */
  int instanceFlags(String maptype) {
    try {
      if (!concerns(maptype)) {
        return flags(maptype);
      }
      if (customMapping().isEmpty()) {
        return flags(defaultTarget(maptype));
      }
    } catch (TableUnavailableException e) {
      // As below: it is known when the table is opened.
    }
    return drivers.maptypes().stream().mapToInt(this::flags).reduce(0, (one, more) -> one | more);
  }

  private int flags(String maptype) {
    return drivers.driver(maptype).map(driver -> driver.instanceFlags()).orElse(0);
  }

  /**
   * The type that serves a table.
   *
   * @param name a byte string
   * @throws TableUnavailableException when there is none that could
   */
  String target(String maptype, String name, Mapping mapping) throws TableUnavailableException {
    if (!concerns(maptype)) {
      return maptype;
    }
    String target = custom(maptype, name, mapping);
    String said = CUSTOM;
    if (target == null) {
      said = TARGETS.getOrDefault(maptype, "");
      target = defaultTarget(maptype);
    }
    check(maptype, name, target, said);
    return target;
  }

  private String defaultTarget(String maptype) throws TableUnavailableException {
    return value(TARGETS.getOrDefault(maptype, ""));
  }

  private String customMapping() throws TableUnavailableException {
    return value(CUSTOM);
  }

  private String value(String parameter) throws TableUnavailableException {
    try {
      return configuration.get(parameter).orElse("");
    } catch (ConfigurationException e) {
      throw new TableUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether a redirection is to be logged. */
  boolean isLogged() throws TableUnavailableException {
    return value("non_bdb_migration_log_redirect").equalsIgnoreCase("yes");
  }

  /** What {@code non_bdb_custom_mapping} says of a table, or of all tables of its type. */
  private @Nullable String custom(String maptype, String name, Mapping mapping)
      throws TableUnavailableException {
    String table = customMapping();
    while (table.startsWith("proxy:")) {
      table = table.substring("proxy:".length());
    }
    if (table.isEmpty()) {
      return null;
    }
    if (TARGETS.containsKey(table.substring(0, Math.max(0, table.indexOf(':'))))) {
      throw trouble(maptype, name, "must not be a hash or btree table: " + table, CUSTOM);
    }
    for (String key : List.of(maptype + ":" + name, maptype)) {
      switch (mapping.lookup(table, ByteStrings.bytes(key))) {
        case Found(byte[] value, int _) -> {
          return ByteStrings.of(value);
        }
        case NotFound _ -> {}
        case Retry(String reason) ->
            throw trouble(maptype, name, "lookup error: " + reason, CUSTOM);
        case ConfigError(String reason, int _) ->
            throw trouble(maptype, name, "lookup error: " + reason, CUSTOM);
      }
    }
    return null;
  }

  private void check(String maptype, String name, String target, String said)
      throws TableUnavailableException {
    if (target.isEmpty() || !target.chars().allMatch(Redirection::isAlphanumeric)) {
      throw trouble(maptype, name, "\"" + target + "\" is no table type" + WRITE, said);
    }
    if (TARGETS.containsKey(target)) {
      throw trouble(maptype, name, target + " is a Berkeley DB type itself" + WRITE, said);
    }
    if (drivers.driver(target).isEmpty()) {
      throw trouble(maptype, name, UnsupportedType.message(target, name), said);
    }
  }

  private static boolean isAlphanumeric(int c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private TableUnavailableException trouble(
      String maptype, String name, String what, String parameter) {
    String place = configuration.origin(parameter).map(origin -> " (" + origin + ")").orElse("");
    return new TableUnavailableException(
        ByteStrings.printable(
            "%s:%s must not be a Berkeley DB table (non_bdb_migration_level), and cannot be another: %s%s: %s"
                .formatted(maptype, name, parameter, place, what)));
  }

  /** What to do about a file that is not there; empty if it is, or has no name of its own. */
  String remedy(String maptype, String name, String target) {
    String suffix = SUFFIXES.get(target);
    try {
      if (suffix == null
          || configuration
              .queueDirectory()
              .resolve(ByteStrings.decode(name) + suffix)
              .toFile()
              .exists()) {
        return "";
      }
    } catch (ConfigurationException e) {
      return "";
    }
    return "; %1$s:%2$s is served from %3$s:%2$s, which nobody has made yet: run \"postmap %3$s:%2$s\", or \"postalias %3$s:%2$s\" for aliases"
        .formatted(maptype, name, target);
  }
}
