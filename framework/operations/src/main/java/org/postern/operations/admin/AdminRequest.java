package org.postern.operations.admin;

import java.util.Optional;
import org.postern.host.approval.Service;

/**
 * What an operator asks.
 *
 * @param command {@code status}, {@code explain}, {@code check}, {@code reload} or {@code
 *     log-level}
 * @param service for {@code explain}: {@code proxymap}, if absent, or {@code proxywrite}
 * @param table for {@code explain}: {@code type:name}
 * @param key for {@code explain}
 * @param keepCase for {@code explain}: the key is not folded to lower case
 * @param level for {@code log-level}: to set it
 */
public record AdminRequest(
    String command,
    Optional<String> service,
    Optional<String> table,
    Optional<String> key,
    Optional<Boolean> keepCase,
    Optional<String> level) {

  /** A command alone. */
  public static AdminRequest of(String command) {
    return new AdminRequest(
        command,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Asks how a key is looked up.
   *
   * @param table {@code type:name}
   */
  public static AdminRequest explain(Service service, String table, String key, boolean keepCase) {
    return new AdminRequest(
        "explain",
        Optional.of(service.serviceName()),
        Optional.of(table),
        Optional.of(key),
        Optional.of(keepCase),
        Optional.empty());
  }

  /** Asks for the log level, or sets it. */
  public static AdminRequest logLevel(Optional<String> level) {
    return new AdminRequest(
        "log-level", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), level);
  }
}
