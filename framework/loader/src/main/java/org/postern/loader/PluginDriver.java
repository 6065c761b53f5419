package org.postern.loader;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.Secrets;
import org.postern.spi.Backend;
import org.postern.spi.BackendServer;
import org.postern.spi.BulkLoad;
import org.postern.spi.ChangeResult;
import org.postern.spi.ConfigError;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.SequenceResult;
import org.postern.spi.ServerState;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plugin's driver as the host calls it: with the plugin's class loader as the thread's context
 * class loader, and with whatever it throws, and null where there should be something, turned into
 * RETRY, so that a broken plugin harms its own tables only. What is constant is asked once. A
 * secret in what it says of a failure goes no further.
 */
final class PluginDriver implements TableDriver {
  private static final Logger LOG = LoggerFactory.getLogger(PluginDriver.class);

  /** So long may a call take that must not wait, before the status is given without its answer. */
  private static final Duration BRIEF = Duration.ofSeconds(1);

  private final String plugin;
  private final TableDriver driver;
  private final ClassLoader loader;
  private final Optional<Patience> patience;
  private final Set<String> maptypes;
  private final int instanceFlags;

  /**
   * Asks the driver what it serves, which may throw anything.
   *
   * @param plugin its id
   * @param patience with a vendor's plugin; calls of our own are made as they are
   */
  PluginDriver(String plugin, TableDriver driver, ClassLoader loader, Optional<Patience> patience) {
    this.plugin = plugin;
    this.driver = Objects.requireNonNull(driver, "drivers() has null in it");
    this.loader = loader;
    this.patience = patience;
    this.maptypes =
        new TreeSet<>(Objects.requireNonNull(driver.maptypes(), "maptypes() returned null"));
    this.instanceFlags = driver.instanceFlags();
  }

  @Override
  public Set<String> maptypes() {
    return maptypes;
  }

  @Override
  public int instanceFlags() {
    return instanceFlags;
  }

  /** Who waits for the call of a vendor's plugin waits for a minute at most. */
  @Override
  public void preload() {
    try {
      if (patience.isPresent()) {
        patience.get().call("preload()", Duration.ofMinutes(1), this::preloadNow);
      } else {
        preloadNow();
      }
    } catch (TableUnavailableException e) {
      LOG.info("{}: {}", maptypes, e.getMessage());
    }
  }

  private boolean preloadNow() {
    return guarded(
        () -> {
          driver.preload();
          return true;
        },
        failed -> {
          LOG.info("{}: {}", maptypes, failed.reason());
          return false;
        });
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    return called(() -> new GuardedTable(nonNull(driver.open(opening), "open()")));
  }

  @Override
  public BulkLoad rebuild(TableOpening opening) throws TableUnavailableException {
    return new GuardedLoad(called(() -> nonNull(driver.rebuild(opening), "rebuild()")));
  }

  @Override
  public BulkLoad extend(TableOpening opening) throws TableUnavailableException {
    return new GuardedLoad(called(() -> nonNull(driver.extend(opening), "extend()")));
  }

  /** What a plugin that was not checked for nulls has returned. */
  private static <T> T nonNull(@Nullable T returned, String method) {
    return Objects.requireNonNull(returned, method + " returned null");
  }

  /** A call whose failure is an exception. */
  private interface Call<T> {
    T call() throws TableUnavailableException;
  }

  private <T> T called(Call<T> call) throws TableUnavailableException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return call.call();
    } catch (TableUnavailableException e) {
      throw new TableUnavailableException(Secrets.hidden(String.valueOf(e.getMessage())), e);
    } catch (Throwable e) { // whatever a plugin throws
      throw new TableUnavailableException(failed(e).reason(), e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private <R> R guarded(Callable<? extends R> call, Function<Retry, R> failed) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return call.call();
    } catch (Throwable e) { // whatever a plugin throws
      return failed.apply(failed(e));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** A call that must not wait; of a vendor's plugin, it is seen to that it does not. */
  private <R> R brief(String what, Callable<? extends R> call, Function<Retry, R> failed) {
    if (patience.isEmpty()) {
      return guarded(call, failed);
    }
    try {
      return patience.get().call(what, BRIEF, () -> this.<R>guarded(call, failed));
    } catch (TableUnavailableException e) {
      return failed.apply(failed(e));
    }
  }

  private void closed(Runnable close) {
    guarded(
        () -> {
          close.run();
          return true;
        },
        failed -> {
          LOG.warn("plugin {}: close: {}", plugin, failed.reason());
          return false;
        });
  }

  private Retry failed(Throwable e) {
    LOG.debug("plugin {} failed", plugin, e);
    return new Retry(
        Secrets.hidden("plugin " + plugin + " failed: " + e + "; ask who has made the plugin"));
  }

  /** What it says of a failure may have a password in it. */
  private static LookupResult hiding(LookupResult result) {
    if (result instanceof Retry(String reason)) {
      return new Retry(Secrets.hidden(reason));
    }
    return result instanceof ConfigError(String reason, int cleared)
        ? new ConfigError(Secrets.hidden(reason), cleared)
        : result;
  }

  private final class GuardedTable implements Table {
    private final Table table;
    private final int flags;
    private final boolean fromMemory;
    private final Optional<Backend> backend;

    GuardedTable(Table table) {
      this.table = table;
      this.flags = table.flags();
      this.fromMemory = table.answersFromMemory();
      this.backend = nonNull(table.backend(), "backend()");
    }

    @Override
    public int flags() {
      return flags;
    }

    @Override
    public boolean answersFromMemory() {
      return fromMemory;
    }

    @Override
    public Optional<Backend> backend() {
      return backend;
    }

    @Override
    public LookupResult lookup(byte[] key, int flags) {
      return guarded(() -> hiding(nonNull(table.lookup(key, flags), "lookup()")), retry -> retry);
    }

    @Override
    public @Nullable LookupResult lookupAtOnce(byte[] key, int flags) {
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(loader);
      try {
        LookupResult result = table.lookupAtOnce(key, flags);
        return result == null ? null : hiding(result);
      } catch (Throwable e) { // whatever a plugin throws
        return failed(e);
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    @Override
    public LookupResult explain(byte[] key, int flags, Consumer<String> told) {
      return guarded(
          () ->
              hiding(
                  nonNull(
                      table.explain(key, flags, line -> told.accept(Secrets.hidden(line))),
                      "explain()")),
          retry -> retry);
    }

    @Override
    public ChangeResult update(byte[] key, byte[] value, int flags) {
      return guarded(() -> nonNull(table.update(key, value, flags), "update()"), retry -> retry);
    }

    @Override
    public ChangeResult delete(byte[] key, int flags) {
      return guarded(() -> nonNull(table.delete(key, flags), "delete()"), retry -> retry);
    }

    @Override
    public Sequence sequence(int flags) {
      return PluginDriver.this.<Sequence>guarded(
          () -> new GuardedSequence(nonNull(table.sequence(flags), "sequence()")),
          retry -> () -> retry);
    }

    @Override
    public List<String> describe() throws TableUnavailableException {
      return called(() -> table.describe().stream().map(Secrets::hidden).toList());
    }

    @Override
    public List<BackendServer> servers() {
      return brief(
          "servers()",
          () -> table.servers().stream().<BackendServer>map(GuardedServer::new).toList(),
          _ -> List.of());
    }

    @Override
    public void close() {
      closed(table::close);
    }
  }

  /** Equal to another one of the same server. */
  private final class GuardedServer implements BackendServer {
    private final BackendServer server;

    GuardedServer(BackendServer server) {
      this.server = nonNull(server, "servers() has");
    }

    @Override
    public String name() {
      return brief("name()", () -> nonNull(server.name(), "name()"), Retry::reason);
    }

    @Override
    public ServerState state() {
      return brief(
          "state()",
          () -> hiding(nonNull(server.state(), "state()")),
          retry -> new ServerState(0, 0, 0, 0, 0, Optional.of(retry.reason())));
    }

    private static ServerState hiding(ServerState state) {
      return state.trouble().isEmpty()
          ? state
          : new ServerState(
              state.inUse(),
              state.idle(),
              state.limit(),
              state.waiting(),
              state.failures(),
              state.trouble().map(Secrets::hidden));
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof GuardedServer guarded && server.equals(guarded.server);
    }

    @Override
    public int hashCode() {
      return server.hashCode();
    }
  }

  private final class GuardedSequence implements Sequence {
    private final Sequence sequence;

    GuardedSequence(Sequence sequence) {
      this.sequence = sequence;
    }

    @Override
    public SequenceResult next() {
      return guarded(() -> nonNull(sequence.next(), "next()"), retry -> retry);
    }

    @Override
    public void close() {
      closed(sequence::close);
    }
  }

  private final class GuardedLoad implements BulkLoad {
    private final BulkLoad load;

    GuardedLoad(BulkLoad load) {
      this.load = load;
    }

    @Override
    public void put(byte[] key, byte[] value, int flags) throws TableUnavailableException {
      called(() -> {
        load.put(key, value, flags);
        return true;
      });
    }

    @Override
    public void commit() throws TableUnavailableException {
      called(() -> {
        load.commit();
        return true;
      });
    }

    @Override
    public void close() {
      closed(load::close);
    }
  }
}
