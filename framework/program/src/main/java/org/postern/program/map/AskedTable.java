package org.postern.program.map;

import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.host.table.OpenTables;
import org.postern.host.table.TableInstance;
import org.postern.host.table.TableState;
import org.postern.platform.text.ByteStrings;
import org.postern.platform.text.TextRules;
import org.postern.spi.Changed;
import org.postern.spi.ConfigError;
import org.postern.spi.Entry;
import org.postern.spi.Found;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.TableFlags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A table that is open, and asked by the rules for text. */
final class AskedTable {
  private static final Logger LOG = LoggerFactory.getLogger("org.postern.table.map");
  private static final int BASE64_UNIT = 4;

  private final String name;
  private final TableInstance instance;
  private final MapOptions options;
  private final int flags;

  private AskedTable(String name, TableInstance instance, MapOptions options) {
    this.name = name;
    this.instance = instance;
    this.options = options;
    this.flags = options.flags() | instance.flags() | (options.utf8() ? TableFlags.UTF8_ACTIVE : 0);
  }

  /**
   * Opens a table, or finds it open.
   *
   * @throws MapException when it cannot be opened
   */
  static AskedTable open(MapName map, OpenTables tables, MapOptions options) throws MapException {
    if (map.isProxied()) {
      throw new MapException(
          map + ": use \"postern query\" to ask a server for " + map.sourceName());
    }
    return switch (tables.get(map.typeAndName(), options.flags()).state()) {
      case TableState.Ready(TableInstance instance) ->
          new AskedTable(map.toString(), instance, options);
      case TableState.Unavailable(String reason, boolean _) -> throw new MapException(reason);
      case TableState.Opening _ -> throw new IllegalStateException("opened by this thread");
    };
  }

  private byte @Nullable [] ruled(byte[] key) {
    byte[] ruled = instance.textRules().key(key, flags, instance.flags(), options.utf8());
    if (ruled == null) {
      LOG.warn("{}", TextRules.badKey(ByteStrings.of(name), key));
    }
    return ruled;
  }

  /**
   * Looks a key up.
   *
   * @return the value, decoded if values are files
   */
  Optional<byte[]> lookup(byte[] key) throws MapException {
    byte[] ruled = ruled(key);
    if (ruled == null) {
      return Optional.empty();
    }
    return switch (instance.table().lookup(ruled, flags)) {
      case Found(byte[] value, int _) -> {
        if (!instance.textRules().acceptable(value, options.utf8())) {
          LOG.warn("{}", TextRules.badValue(ByteStrings.of(name), key, value));
          throw trouble("query error");
        }
        Optional<byte[]> decoded = decoded(key, value);
        if (decoded.isEmpty()) {
          throw trouble("query error");
        }
        yield decoded;
      }
      case NotFound _ -> Optional.empty();
      case Retry(String reason) -> throw trouble("query error: " + reason);
      case ConfigError(String reason, int _) -> throw trouble("query error: " + reason);
    };
  }

  /** What a value in base64 stands for, where values are files; warns when it is not base64. */
  private Optional<byte[]> decoded(byte[] key, byte[] value) {
    if (!options.valuesAreFiles()) {
      return Optional.of(value);
    }
    try {
      if (value.length % BASE64_UNIT == 0) {
        return Optional.of(Base64.getDecoder().decode(value));
      }
    } catch (IllegalArgumentException e) {
      // As any other that is not base64.
    }
    LOG.warn(
        "table {}: key {}: malformed BASE64 value: {}",
        name,
        ByteStrings.printable(key),
        ByteStrings.printable(value));
    return Optional.empty();
  }

  /**
   * Removes a key.
   *
   * @return whether it was there
   */
  boolean delete(byte[] key) throws MapException {
    byte[] ruled = ruled(key);
    if (ruled == null) {
      return false;
    }
    return switch (instance.table().delete(ruled, flags | TableFlags.SYNC_UPDATE)) {
      case Changed _ -> true;
      case NotFound _ -> false;
      case Retry(String reason) -> throw trouble("delete error: " + reason);
      case ConfigError(String reason, int _) -> throw trouble("delete error: " + reason);
    };
  }

  /** Walks the whole table; leaves out values that cannot be decoded. */
  void forEach(Pairs pairs) throws IOException {
    try (Sequence walk = instance.table().sequence(flags)) {
      while (true) {
        switch (walk.next()) {
          case Entry(byte[] key, byte[] value) -> {
            Optional<byte[]> decoded = decoded(key, value);
            if (decoded.isPresent()) {
              pairs.pair(key, decoded.get());
            }
          }
          case NotFound _ -> {
            return;
          }
          case Retry(String reason) -> throw trouble("sequence error: " + reason);
          case ConfigError(String reason, int _) -> throw trouble("sequence error: " + reason);
        }
      }
    }
  }

  private MapException trouble(String what) {
    return new MapException("table " + name + ": " + what);
  }
}
