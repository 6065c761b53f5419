package org.postern.program.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.postern.loader.DriverRegistry;
import org.postern.platform.text.ByteStrings;
import org.postern.spi.Access;
import org.postern.spi.Backend;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.Entry;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * Small drivers that do what a test needs of a table: {@code echo} answers the key, {@code file}
 * the content of a file, {@code parameter} the value of one, {@code slow} and {@code unsaid} wait
 * at a gate, {@code pair} is made of another table, {@code self} of itself; {@code hash}, {@code
 * btree}, {@code lmdb} and {@code cdb} say who they are, and {@code mapping} has pairs from a file.
 */
final class TestTables {
  /** One permit lets one lookup in a {@code slow} table end. */
  final Semaphore gate = new Semaphore(0);

  /** How many lookups in {@code slow} tables have begun. */
  final AtomicInteger lookups = new AtomicInteger();

  /** The threads that have looked something up in a {@code slow} table, in order. */
  final List<String> slowThreads = new CopyOnWriteArrayList<>();

  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();

  DriverRegistry drivers() {
    Map<String, TableDriver> drivers = new HashMap<>();
    for (String type : List.of("hash", "btree", "lmdb", "cdb")) {
      drivers.put(type, driver(type, TestTables::indexed));
    }
    drivers.put("mapping", driver("mapping", TestTables::mapping));
    drivers.putAll(
        Map.of(
            "echo", driver("echo", this::echo),
            "slow", driver("slow", _ -> new Slow()),
            "broken", driver("broken", opening -> new Broken(opening.name().equals("waiting"))),
            "unsaid", driver("unsaid", _ -> new Unsaid()),
            "file", driver("file", opening -> open(opening, TableOpening::watch)),
            "named", driver("named", opening -> open(opening, TableOpening::watchName)),
            "parameter", driver("parameter", TestTables::parameter),
            "pair", driver("pair", opening -> new Pair(opening.openMember(opening.nameBytes()))),
            "self",
                driver(
                    "self",
                    opening ->
                        new Pair(
                            opening.openMember(ByteStrings.bytes("self:" + opening.name()))))));
    return new DriverRegistry(drivers, Map.of("echo", "test", "lmdb", "lmdb plugin"));
  }

  private interface Opener {
    Table open(TableOpening opening) throws TableUnavailableException;
  }

  private TableDriver driver(String maptype, Opener opener) {
    return new TableDriver() {
      @Override
      public Set<String> maptypes() {
        return Set.of(maptype);
      }

      @Override
      public int instanceFlags() {
        return maptype.equals("pair") ? TableFlags.UTF8_REQUEST | TableFlags.FOLD_FIX : 0;
      }

      @Override
      public Table open(TableOpening opening) throws TableUnavailableException {
        opened.incrementAndGet();
        return opener.open(opening);
      }
    };
  }

  private static Table open(TableOpening opening, BiConsumer<TableOpening, Path> watch)
      throws TableUnavailableException {
    Path file = Path.of(opening.name());
    watch.accept(opening, file);
    try {
      byte[] content = Files.readAllBytes(file);
      return new Fixed() {
        @Override
        public LookupResult lookup(byte[] key, int flags) {
          return new Found(content);
        }
      };
    } catch (IOException e) {
      throw new TableUnavailableException("open " + file + ": No such file or directory", e);
    }
  }

  /** Answers its type and what its file holds, whose name ends with the type. */
  private static Table indexed(TableOpening opening) throws TableUnavailableException {
    Path file = Path.of(opening.name() + "." + opening.maptype());
    opening.watch(file);
    try {
      byte[] value = (opening.maptype() + " " + Files.readString(file)).getBytes(UTF_8);
      return new Fixed() {
        @Override
        public LookupResult lookup(byte[] key, int flags) {
          return new Found(value);
        }
      };
    } catch (IOException e) {
      throw new TableUnavailableException("open " + file + ": No such file or directory", e);
    }
  }

  /** Keys and values from a file, a pair in each line; like many, for nothing but lookups. */
  private static Table mapping(TableOpening opening) throws TableUnavailableException {
    if (opening.access() != Access.READ_ONLY) {
      throw new TableUnavailableException("mapping requires O_RDONLY access mode");
    }
    Path file = Path.of(opening.name());
    opening.watch(file);
    try {
      Map<String, String> pairs = new HashMap<>();
      for (String line : Files.readAllLines(file)) {
        pairs.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
      }
      return new Fixed() {
        @Override
        public LookupResult lookup(byte[] key, int flags) {
          String value = pairs.get(ByteStrings.of(key));
          return value == null ? NotFound.NOT_FOUND : new Found(value.getBytes(UTF_8));
        }
      };
    } catch (IOException e) {
      throw new TableUnavailableException("open " + file + ": No such file or directory", e);
    }
  }

  private static Table parameter(TableOpening opening) {
    byte[] value = ByteStrings.bytes(opening.parameters().get(opening.name()).orElse("(not set)"));
    return new Fixed() {
      @Override
      public LookupResult lookup(byte[] key, int flags) {
        return new Found(value);
      }
    };
  }

  private abstract static class Fixed implements Table {
    @Override
    public int flags() {
      return TableFlags.FIXED;
    }

    @Override
    public boolean answersFromMemory() {
      return backend().isEmpty();
    }
  }

  private Table echo(TableOpening opening) {
    opening.parameters().get("echo_parameter");
    return new Echo();
  }

  /** Finds every key but {@code none}, fails for {@code trouble}; has three entries to walk. */
  private final class Echo extends Fixed {
    @Override
    public LookupResult lookup(byte[] key, int flags) {
      return switch (ByteStrings.of(key)) {
        case "none" -> NotFound.NOT_FOUND;
        case "trouble" -> new Retry("no answer today");
        case "latin1" -> new Found(new byte[] {(byte) 0xE4});
        default -> new Found(key);
      };
    }

    @Override
    public Sequence sequence(int flags) {
      Iterator<String> keys = List.of("a", "b", "c").iterator();
      return () ->
          keys.hasNext()
              ? new Entry(ByteStrings.bytes(keys.next()), ByteStrings.bytes("v"))
              : NotFound.NOT_FOUND;
    }

    @Override
    public ChangeResult update(byte[] key, byte[] value, int flags) {
      return Changed.CHANGED;
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private final class Slow extends Fixed {
    @Override
    public Optional<Backend> backend() {
      return Optional.of(new Backend("slow", 2));
    }

    @Override
    public LookupResult lookup(byte[] key, int flags) {
      lookups.incrementAndGet();
      slowThreads.add(Thread.currentThread().getName());
      gate.acquireUninterruptibly();
      if (ByteStrings.of(key).equals("interrupted")) {
        Thread.currentThread().interrupt();
      }
      return new Found(key);
    }
  }

  /** Finds every key, with a value of which no reply can be made. */
  private static final class Broken extends Fixed {
    private final Optional<Backend> backend;

    Broken(boolean waits) {
      backend = waits ? Optional.of(new Backend("broken", 2)) : Optional.empty();
    }

    @Override
    public Optional<Backend> backend() {
      return backend;
    }

    @Override
    public LookupResult lookup(byte[] key, int flags) {
      return BrokenAnswer.withoutValue();
    }
  }

  /** Waits as {@code slow} does, and says nothing of that. */
  private final class Unsaid implements Table {
    @Override
    public int flags() {
      return TableFlags.FIXED;
    }

    @Override
    public LookupResult lookup(byte[] key, int flags) {
      gate.acquireUninterruptibly();
      return new Found(key);
    }
  }

  private static final class Pair extends Fixed {
    private final Table member;

    Pair(Table member) {
      this.member = member;
    }

    @Override
    public LookupResult lookup(byte[] key, int flags) {
      return member.lookup(key, flags);
    }
  }
}
