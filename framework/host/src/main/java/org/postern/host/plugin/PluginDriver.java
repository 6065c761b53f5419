package org.postern.host.plugin;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Backend;
import org.postern.spi.BackendServer;
import org.postern.spi.BulkLoad;
import org.postern.spi.ChangeResult;
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
 * class loader, and with whatever it throws turned into RETRY, so that a broken plugin harms its
 * own tables only.
 */
final class PluginDriver implements TableDriver {
  private static final Logger LOG = LoggerFactory.getLogger(PluginDriver.class);

  private final TableDriver driver;
  private final ClassLoader loader;

  PluginDriver(TableDriver driver, ClassLoader loader) {
    this.driver = driver;
    this.loader = loader;
  }

  @Override
  public Set<String> maptypes() {
    return driver.maptypes();
  }

  @Override
  public int instanceFlags() {
    return driver.instanceFlags();
  }

  @Override
  public void preload() {
    guarded(
        () -> {
          driver.preload();
          return true;
        },
        failed -> {
          LOG.info("{}: {}", driver.maptypes(), failed.reason());
          return false;
        });
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    return new GuardedTable(called(() -> driver.open(opening)));
  }

  @Override
  public BulkLoad rebuild(TableOpening opening) throws TableUnavailableException {
    return new GuardedLoad(called(() -> driver.rebuild(opening)));
  }

  @Override
  public BulkLoad extend(TableOpening opening) throws TableUnavailableException {
    return new GuardedLoad(called(() -> driver.extend(opening)));
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
    } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
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
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
      return failed.apply(failed(e));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private void closed(Runnable close) {
    guarded(
        () -> {
          close.run();
          return true;
        },
        _ -> false);
  }

  private static Retry failed(Throwable e) {
    LOG.debug("a driver failed", e);
    return new Retry("the driver failed: " + e);
  }

  private final class GuardedTable implements Table {
    private final Table table;

    GuardedTable(Table table) {
      this.table = table;
    }

    @Override
    public int flags() {
      return table.flags();
    }

    @Override
    public boolean answersFromMemory() {
      return table.answersFromMemory();
    }

    @Override
    public Optional<Backend> backend() {
      return table.backend();
    }

    @Override
    public LookupResult lookup(byte[] key, int flags) {
      return guarded(() -> table.lookup(key, flags), retry -> retry);
    }

    @Override
    public @Nullable LookupResult lookupAtOnce(byte[] key, int flags) {
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(loader);
      try {
        return table.lookupAtOnce(key, flags);
      } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
        return failed(e);
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    @Override
    public LookupResult explain(byte[] key, int flags, Consumer<String> told) {
      return guarded(() -> table.explain(key, flags, told), retry -> retry);
    }

    @Override
    public ChangeResult update(byte[] key, byte[] value, int flags) {
      return guarded(() -> table.update(key, value, flags), retry -> retry);
    }

    @Override
    public ChangeResult delete(byte[] key, int flags) {
      return guarded(() -> table.delete(key, flags), retry -> retry);
    }

    @Override
    public Sequence sequence(int flags) {
      return PluginDriver.this.<Sequence>guarded(
          () -> new GuardedSequence(table.sequence(flags)), retry -> () -> retry);
    }

    @Override
    public List<String> describe() throws TableUnavailableException {
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(loader);
      try {
        return table.describe();
      } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
        throw new TableUnavailableException("the driver failed: " + e, e);
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    @Override
    public List<BackendServer> servers() {
      return guarded(
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
      this.server = server;
    }

    @Override
    public String name() {
      return guarded(server::name, Retry::reason);
    }

    @Override
    public ServerState state() {
      return guarded(
          server::state, retry -> new ServerState(0, 0, 0, 0, 0, Optional.of(retry.reason())));
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
      return guarded(sequence::next, retry -> retry);
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
