package org.postern.program.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.config.SettledFiles;
import org.postern.config.WatchedFiles;
import org.postern.host.approval.Service;
import org.postern.platform.text.ByteStrings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again: because its files have changed, for a signal, or for an operator;
 * one after the other. Any thread may call.
 */
public final class Reloading implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);

  /** Postern's own parameters that do not wait for the next start. */
  private static final Set<String> AT_ONCE =
      Set.of("postern_slow_lookup_time", "postern_pool_size", "postern_berkeleydb_memory_limit");

  /** Postfix's parameters that do. */
  private static final Set<String> AT_START =
      Set.of("queue_directory", "data_directory", "ipc_timeout", "mail_owner");

  /** How long to wait for somebody who writes and writes. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(50);

  /** When to read again what could not be read, though no file is another. */
  private static final Duration ANOTHER_TRY = Duration.ofSeconds(30);

  /** How many changed parameters a line of the log names. */
  private static final int NAMED = 10;

  private final Daemon daemon;
  private final Supplier<Configuration> reading;
  private final Configuration first;
  private final ConfigurationWatch watch = new ConfigurationWatch(this);

  private InForce current;

  /** What was in force when an operator was told last, or at the start. */
  private InForce told;

  /** What was read the last time, whether it is in force or not. */
  private volatile WatchedFiles files;

  /** Why what was read last is not in force, and when that was. */
  private volatile @Nullable Trouble trouble;

  private record Trouble(String reason, Instant since) {}

  /** A configuration, and the tables that were approved by it. */
  private record InForce(Configuration configuration, Map<Service, Set<String>> approved) {}

  /**
   * @param current what the daemon goes by
   * @param reading throws {@link ConfigurationException} when there is a mistake
   */
  public Reloading(Daemon daemon, Configuration current, Supplier<Configuration> reading) {
    this.daemon = daemon;
    this.first = current;
    this.current = new InForce(current, daemon.approved());
    this.told = this.current;
    this.reading = reading;
    this.files = filesOf(current);
  }

  /** Looks at the files from now on, by itself and before a request is denied. */
  public Reloading watching() {
    daemon.setLook(watch);
    watch.start();
    return this;
  }

  /** Looks at them no more. */
  @Override
  public void close() {
    watch.close();
  }

  private WatchedFiles filesOf(Configuration configuration) {
    WatchedFiles all = new WatchedFiles();
    all.addAll(configuration.files());
    daemon.approvals().forEach(approval -> all.addAll(approval.files()));
    return all;
  }

  /** Why the configuration on disk is not in force; empty when it is. */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble).map(Trouble::reason);
  }

  /** The configuration that is in force. */
  synchronized Configuration inForce() {
    return current.configuration();
  }

  /** Reads the configuration again if its files have changed: what comes of it is in the log. */
  void look() throws InterruptedException {
    if (!files.changed() && !isTimeForAnotherTry()) {
      return;
    }
    List<Path> changed = files.changedFiles();
    awaitSettled(changed);
    synchronized (this) {
      if (files.changed() || isTimeForAnotherTry()) { // else another thread has read it meanwhile
        quietly(changed.isEmpty() ? "another try" : names(changed) + " has changed", true);
      }
    }
  }

  private static String names(List<Path> changed) {
    return changed.stream()
        .map(file -> ByteStrings.printable(ByteStrings.of(file.toString())))
        .collect(Collectors.joining(", "));
  }

  private boolean isTimeForAnotherTry() {
    Trouble last = trouble;
    return last != null && last.since().plus(ANOTHER_TRY).isBefore(Instant.now());
  }

  private static void awaitSettled(List<Path> changed) throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    for (Instant now = Instant.now();
        now.isBefore(deadline) && !SettledFiles.areSettled(changed, now);
        now = Instant.now()) {
      Thread.sleep(PAUSE);
    }
  }

  /** Reads it for a signal: what comes of it is in the log. */
  public void signalled() {
    quietly("SIGHUP", false);
  }

  private void quietly(String why, boolean retaining) {
    try {
      read(why, retaining);
    } catch (ConfigurationException e) {
      LOG.debug("nothing has changed by {}", why, e);
    }
  }

  /**
   * Reads it for an operator, and waits until the daemon goes by it. Tables of which parameters
   * have changed are opened again afterwards.
   *
   * @return what has changed since an operator was told last, or since the start: the files may
   *     have been read in between, because they had changed
   * @throws ConfigurationException when there is a mistake in it: the old one stays
   */
  public synchronized Reloaded reload() {
    read("postern reload", false);
    Reloaded reloaded = reloaded(told, current);
    told = current;
    return reloaded;
  }

  /**
   * Reads it.
   *
   * @param why for the log
   * @param retaining whether tables that are no longer listed stay approved. Nobody has said that
   *     Postfix has been reloaded: its programs ask for what main.cf said when they were started,
   *     and to deny that would stop them
   */
  private synchronized void read(String why, boolean retaining) {
    ServiceManager.sayReloading();
    WatchedFiles attempt = files.again();
    try {
      Configuration[] read = new Configuration[1];
      daemon.reload(() -> read[0] = sound(reading.get()), retaining);
      Configuration changed = read[0];
      changed.warnings().stream()
          .filter(warning -> !current.configuration().warnings().contains(warning))
          .forEach(LOG::warn);
      InForce before = current;
      current = new InForce(changed, daemon.approved());
      files = filesOf(changed);
      trouble = null;
      LOG.info(
          "the configuration has been read again ({}): {}",
          why,
          summary(reloaded(before, current), retaining));
    } catch (ConfigurationException e) {
      files = attempt;
      failed(String.valueOf(e.getMessage()), why);
      throw e;
    } finally {
      ServiceManager.sayReady();
    }
  }

  /** Without main.cf, all tables would be denied: not what somebody wants who mislays it. */
  private Configuration sound(Configuration read) {
    if (current.configuration().hasMainCf() && !read.hasMainCf()) {
      throw new ConfigurationException(
          read.configDirectory().resolve("main.cf") + ": nothing is set there any more");
    }
    return read;
  }

  private void failed(String reason, String why) {
    Trouble last = trouble;
    trouble = new Trouble(reason, Instant.now());
    if (last == null || !last.reason().equals(reason)) {
      LOG.error("the configuration stays as it was ({}): {}", why, reason);
    }
  }

  private Reloaded reloaded(InForce before, InForce now) {
    Configuration changed = now.configuration();
    List<String> parameters =
        changed.differences(before.configuration()).stream()
            .map(name ->
                printable(name)
                    + changed
                        .origin(name)
                        .map(origin -> " (" + origin + ")")
                        .orElse(" (not set any more)"))
            .toList();
    List<String> atNextStart =
        changed.differences(first).stream()
            .filter(name ->
                AT_START.contains(name) || (name.startsWith("postern_") && !AT_ONCE.contains(name)))
            .map(Reloading::printable)
            .toList();
    List<String> tables = new ArrayList<>();
    now.approved()
        .forEach((service, approved) -> {
          Set<String> then = before.approved().getOrDefault(service, Set.of());
          approved.stream()
              .filter(table -> !then.contains(table))
              .forEach(table ->
                  tables.add(printable(table) + " is approved now, for " + service.serviceName()));
          then.stream()
              .filter(table -> !approved.contains(table))
              .forEach(table ->
                  tables.add(
                      printable(table) + " is no longer approved, for " + service.serviceName()));
        });
    return new Reloaded(parameters, tables, atNextStart, changed.warnings());
  }

  private static String summary(Reloaded reloaded, boolean retaining) {
    if (reloaded.parameters().isEmpty() && reloaded.tables().isEmpty()) {
      return "nothing has changed";
    }
    List<String> parts = new ArrayList<>();
    List<String> parameters = reloaded.parameters();
    if (!parameters.isEmpty()) {
      String more =
          parameters.size() > NAMED ? " and " + (parameters.size() - NAMED) + " more" : "";
      parts.add(
          parameters.stream().limit(NAMED).collect(Collectors.joining(", "))
              + more
              + (parameters.size() == 1 ? " has" : " have")
              + " changed");
    }
    long gone = reloaded.tables().stream().filter(line -> line.contains(" is no longer ")).count();
    long come = reloaded.tables().size() - gone;
    if (come > 0) {
      parts.add(come + (come == 1 ? " more table is" : " more tables are") + " approved");
    }
    if (gone > 0) {
      parts.add(
          gone
              + (gone == 1 ? " table is" : " tables are")
              + (retaining
                  ? " no longer listed, but approved until SIGHUP, \"postern reload\" or a restart"
                  : " no longer approved"));
    }
    return String.join("; ", parts);
  }

  private static String printable(String name) {
    return ByteStrings.printable(name);
  }
}
