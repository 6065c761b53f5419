package org.postern.host.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.postern.host.approval.Service;
import org.postern.host.config.Configuration;
import org.postern.host.config.ConfigurationException;
import org.postern.host.text.ByteStrings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again, for a signal or for an operator: one after the other. Any thread
 * may call.
 */
public final class Reloading {
  private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);

  /** Postern's own parameters that do not wait for the next start. */
  private static final Set<String> AT_ONCE =
      Set.of("postern_slow_lookup_time", "postern_pool_size", "postern_berkeleydb_memory_limit");

  /** Postfix's parameters that do. */
  private static final Set<String> AT_START =
      Set.of("queue_directory", "data_directory", "ipc_timeout", "mail_owner");

  private final Daemon daemon;
  private final Supplier<Configuration> reading;
  private Configuration current;

  /**
   * @param current what the daemon goes by
   * @param reading throws {@link ConfigurationException} when there is a mistake
   */
  public Reloading(Daemon daemon, Configuration current, Supplier<Configuration> reading) {
    this.daemon = daemon;
    this.current = current;
    this.reading = reading;
  }

  /** Reads it for a signal: what comes of it is in the log. */
  public void signalled() {
    try {
      reload();
    } catch (ConfigurationException e) {
      LOG.debug("the signal changed nothing", e);
    }
  }

  /**
   * Reads it, and waits until the daemon goes by it. Tables are opened anew afterwards.
   *
   * @throws ConfigurationException when there is a mistake in it: the old one stays
   */
  public synchronized Reloaded reload() {
    ServiceManager.sayReloading();
    try {
      Map<Service, Set<String>> before = daemon.approved();
      Configuration[] read = new Configuration[1];
      daemon.reload(() -> read[0] = reading.get());
      Configuration changed = read[0];
      changed.warnings().forEach(LOG::warn);
      Reloaded reloaded = reloaded(changed, before);
      current = changed;
      LOG.info("the configuration has been read again");
      return reloaded;
    } catch (ConfigurationException e) {
      LOG.error("the configuration stays as it was: {}", e.getMessage());
      throw e;
    } finally {
      ServiceManager.sayReady();
    }
  }

  private Reloaded reloaded(Configuration changed, Map<Service, Set<String>> before) {
    List<String> parameters = new ArrayList<>();
    List<String> atNextStart = new ArrayList<>();
    for (String name : changed.differences(current)) {
      String printable = ByteStrings.printable(name);
      parameters.add(
          changed
              .origin(name)
              .map(origin -> printable + " (" + origin + ")")
              .orElse(printable + " (not set any more)"));
      if (AT_START.contains(name) || (name.startsWith("postern_") && !AT_ONCE.contains(name))) {
        atNextStart.add(printable);
      }
    }
    List<String> tables = new ArrayList<>();
    daemon
        .approved()
        .forEach((service, now) -> {
          Set<String> then = before.getOrDefault(service, Set.of());
          now.stream()
              .filter(table -> !then.contains(table))
              .forEach(table ->
                  tables.add(shown(table) + " is approved now, for " + service.serviceName()));
          then.stream()
              .filter(table -> !now.contains(table))
              .forEach(table ->
                  tables.add(
                      shown(table) + " is no longer approved, for " + service.serviceName()));
        });
    return new Reloaded(parameters, tables, atNextStart, changed.warnings());
  }

  private static String shown(String table) {
    return ByteStrings.printable(table);
  }
}
