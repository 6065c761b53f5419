package org.postern.host.table;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.postern.config.Configuration;
import org.postern.host.statistics.TableStatistics;
import org.postern.loader.DriverRegistry;
import org.postern.spi.Access;
import org.postern.spi.Retry;
import org.postern.spi.TableUnavailableException;

/**
 * The cache of open tables of one service, by {@code type:name} and by those instance flags that
 * make a difference to the driver. A table is opened when it is first asked for. Any thread may
 * ask.
 */
public final class OpenTables {
  private final DriverRegistry drivers;
  private final Access access;
  private final Executor openers;
  private final Consumer<Runnable> quiescence;
  private final ConcurrentHashMap<String, Instances> tables = new ConcurrentHashMap<>();

  /** Those that are only read, whatever the access to the others: often none. */
  private final ConcurrentHashMap<String, Instances> readOnly = new ConcurrentHashMap<>();

  private volatile Configuration configuration;
  private volatile Redirection redirection;

  /**
   * @param openers runs openings, which may wait
   * @param quiescence does something after every event loop has ended the request it is at
   */
  public OpenTables(
      DriverRegistry drivers,
      Access access,
      Configuration configuration,
      Executor openers,
      Consumer<Runnable> quiescence) {
    this.drivers = drivers;
    this.access = access;
    this.configuration = configuration;
    this.redirection = new Redirection(configuration, drivers);
    this.openers = openers;
    this.quiescence = quiescence;
  }

  Configuration configuration() {
    return configuration;
  }

  /**
   * The table of this name, which begins to open if it is new.
   *
   * @param typeAndName {@code type:name}, a byte string with a colon in it
   */
  public OpenTable get(String typeAndName, int instanceFlags) {
    Instances instances = tables.get(typeAndName);
    if (instances == null) {
      instances = tables.computeIfAbsent(typeAndName, name -> new Instances(name, access));
    }
    return instances.get(instanceFlags);
  }

  /** The table of this name, opened for nothing but lookups. */
  OpenTable getReadOnly(String typeAndName, int instanceFlags) {
    return access == Access.READ_ONLY
        ? get(typeAndName, instanceFlags)
        : readOnly
            .computeIfAbsent(typeAndName, name -> new Instances(name, Access.READ_ONLY))
            .get(instanceFlags);
  }

  /**
   * The type that serves a table: its own, unless Postfix is told to do without Berkeley DB.
   *
   * @param name a byte string
   * @throws TableUnavailableException when that cannot be told
   */
  public String servingType(String maptype, String name) throws TableUnavailableException {
    return redirection.target(
        maptype,
        name,
        (mapping, key) -> {
          if (mapping.indexOf(':') <= 0) {
            return new Retry(OpenTable.notTypeAndName(mapping).reason());
          }
          OpenTable table = getReadOnly(mapping, Redirection.MAPPING_FLAGS);
          Member member = table.member(configuration.bool("smtputf8_enable"));
          try {
            return member.lookup(key, Redirection.MAPPING_FLAGS);
          } finally {
            TableInstance.release(List.of(member));
          }
        });
  }

  /** The tables of this name that there are, with different instance flags: often none or one. */
  public List<OpenTable> named(String typeAndName) {
    Instances instances = tables.get(typeAndName);
    if (instances == null) {
      instances = readOnly.get(typeAndName);
    }
    return instances == null ? List.of() : List.of(instances.open);
  }

  /** What serves the types. */
  public DriverRegistry drivers() {
    return drivers;
  }

  /**
   * A cache of its own with the same parameters, for reading only. Whoever asks it opens the table.
   */
  public OpenTables apart() {
    return new OpenTables(drivers, Access.READ_ONLY, configuration, Runnable::run, Runnable::run);
  }

  /** The id of the plugin that serves a maptype, if one does. */
  public Optional<String> plugin(String maptype) {
    return drivers.plugin(maptype);
  }

  /** What to say of a maptype that no driver serves. */
  String unsupported(String maptype, String name) {
    String message = UnsupportedType.message(maptype, name);
    return drivers.unusable().isEmpty()
        ? message
        : message
            + "; it may be of a plugin that is not used: "
            + String.join(", ", drivers.unusable());
  }

  /** All tables that were asked for. */
  public List<OpenTable> all() {
    return Stream.of(tables, readOnly)
        .flatMap(named -> named.values().stream())
        .flatMap(instances -> List.of(instances.open).stream())
        .toList();
  }

  /**
   * Goes on with other parameters. Tables whose drivers have asked for one that differs are opened
   * anew beside those in use; those that are not wanted any more, and are not part of another one,
   * are closed.
   *
   * @param wanted tells by {@code type:name}
   */
  public void reconfigure(Configuration changed, Predicate<String> wanted) {
    configuration = changed;
    redirection = new Redirection(changed, drivers);
    tables.values().forEach(Instances::reconfigure);
    boolean removed;
    do { // again while there is something: the members of what was removed may go too
      removed =
          tables
              .entrySet()
              .removeIf(
                  entry -> !wanted.test(entry.getKey()) && entry.getValue().closeUnlessPart());
      if (readOnly.values().removeIf(Instances::closeUnlessPart)) {
        removed = true;
      }
    } while (removed);
    all().forEach(table -> table.reconfigure(changed));
  }

  /** Closes every table when its last use has ended. */
  public void close() {
    all().forEach(OpenTable::close);
    tables.clear();
    readOnly.clear();
  }

  void submit(OpenTable table) {
    openers.execute(table::open);
  }

  /** Has a plugin close something: that may take a while, or for ever. */
  void closeLater(Runnable closing) {
    try {
      openers.execute(closing);
    } catch (RejectedExecutionException atTheEnd) {
      closing.run();
    }
  }

  void retire(TableInstance instance) {
    quiescence.accept(instance::release);
  }

  /** The instances of one name: hardly ever more than one or two. */
  private final class Instances {
    private final String typeAndName;
    private final Access access;
    private volatile int flagsThatMatter;
    private final TableStatistics statistics = new TableStatistics();
    private volatile OpenTable[] open = {};

    Instances(String typeAndName, Access access) {
      this.typeAndName = typeAndName;
      this.access = access;
      reconfigure();
    }

    void reconfigure() {
      flagsThatMatter =
          redirection.instanceFlags(typeAndName.substring(0, typeAndName.indexOf(':')));
    }

    OpenTable get(int instanceFlags) {
      int flags = instanceFlags & flagsThatMatter;
      for (OpenTable table : open) {
        if (table.instanceFlags() == flags) {
          return table;
        }
      }
      return add(flags);
    }

    boolean closeUnlessPart() {
      List<OpenTable> all = List.of(open);
      if (all.stream().anyMatch(OpenTable::isPart)) {
        return false;
      }
      all.forEach(OpenTable::close);
      return true;
    }

    private OpenTable add(int flags) {
      OpenTable added;
      synchronized (this) {
        for (OpenTable table : open) {
          if (table.instanceFlags() == flags) {
            return table;
          }
        }
        added = new OpenTable(OpenTables.this, access, typeAndName, flags, statistics);
        OpenTable[] more = Arrays.copyOf(open, open.length + 1);
        more[open.length] = added;
        open = more;
      }
      submit(added);
      return added;
    }
  }
}
