package org.postern.host.service;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.host.protocol.Reply;
import org.postern.host.protocol.Request;
import org.postern.host.protocol.Status;
import org.postern.host.table.OpenTable;
import org.postern.host.table.TableInstance;
import org.postern.platform.text.ByteStrings;
import org.postern.platform.text.TextRules;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.ConfigError;
import org.postern.spi.Entry;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request put to one table: the rules for text before and after, and what the result says to
 * the client and to the log. Runs on an event loop or on a worker.
 *
 * @param flags in force for this request
 * @param utf8 whether UTF-8 is active for it
 */
record TableCall(
    OpenTable open,
    TableInstance instance,
    Request.OfTable request,
    int flags,
    boolean utf8,
    Asker asker) {
  private static final Logger LOG = LoggerFactory.getLogger(TableCall.class);

  /** What an update adds to its request's flags. */
  static final int UPDATE_FLAGS = TableFlags.SYNC_UPDATE | TableFlags.DUP_REPLACE;

  /** What a delete adds to its request's flags. */
  static final int DELETE_FLAGS = TableFlags.SYNC_UPDATE;

  Reply run() {
    Table table = instance.table();
    if (request instanceof Request.Lookup lookup) {
      return lookup(table, lookup);
    }
    if (request instanceof Request.Update update) {
      return update(table, update);
    }
    if (request instanceof Request.Delete delete) {
      return delete(table, delete);
    }
    if (request instanceof Request.Sequence(_, _, _, _, boolean first)) {
      return sequence(first);
    }
    throw new IllegalStateException("open is answered by the state alone");
  }

  /** The reply to a lookup that the table can answer at once although it has a backend, or null. */
  @Nullable Reply runAtOnce() {
    if (!(request instanceof Request.Lookup lookup)) {
      return null;
    }
    byte[] key = instance.textRules().key(lookup.key(), flags, instance.flags(), utf8);
    if (key == null) {
      return badKey(lookup);
    }
    LookupResult result = instance.table().lookupAtOnce(key, flags);
    return result == null ? null : reply(lookup, result);
  }

  /** What a lookup finds, and meanwhile how. */
  LookupResult explain(Request.Lookup lookup, Consumer<String> told) {
    byte[] key = instance.textRules().key(lookup.key(), flags, instance.flags(), utf8);
    if (key == null) {
      told.accept("the key is not UTF-8: the table is not asked");
      return NotFound.NOT_FOUND;
    }
    if (!Arrays.equals(key, lookup.key())) {
      told.accept("key: \"" + ByteStrings.visible(key) + "\", in lower case");
    }
    return instance.table().explain(key, flags, told);
  }

  private Reply lookup(Table table, Request.Lookup lookup) {
    byte[] key = instance.textRules().key(lookup.key(), flags, instance.flags(), utf8);
    return key == null ? badKey(lookup) : reply(lookup, table.lookup(key, flags));
  }

  private Reply badKey(Request.Lookup lookup) {
    badKey(lookup.key());
    return new Reply(Status.NOKEY, flags);
  }

  Reply reply(Request.Lookup lookup, LookupResult result) {
    if (result instanceof Found(byte[] value, int clearedFlags)) {
      open.trouble().answered(request.kind());
      if (!instance.textRules().acceptable(value, utf8)) {
        badValue(lookup.key(), value);
        return new Reply(Status.CONFIG, flags & ~clearedFlags);
      }
      return new Reply(Status.OK, flags & ~clearedFlags, Reply.NOTHING, value);
    }
    if (result instanceof NotFound) {
      open.trouble().answered(request.kind());
      return new Reply(Status.NOKEY, flags);
    }
    if (result instanceof Retry(String reason)) {
      return retry(reason);
    }
    ConfigError error = (ConfigError) result;
    return configError(error.reason(), error.clearedFlags());
  }

  private Reply sequence(boolean first) {
    return switch (asker.cursors().step(open, instance, flags, first)) {
      case Entry(byte[] key, byte[] value) -> new Reply(Status.OK, flags, key, value);
      case NotFound _ -> new Reply(Status.NOKEY, flags);
      case Retry(String reason) -> retry(reason);
      case ConfigError(String reason, int clearedFlags) -> configError(reason, clearedFlags);
    };
  }

  private Reply update(Table table, Request.Update update) {
    int synced = flags | UPDATE_FLAGS;
    byte[] key = instance.textRules().key(update.key(), synced, instance.flags(), utf8);
    if (key == null) {
      badKey(update.key());
      return new Reply(Status.CONFIG, synced);
    }
    if (!instance.textRules().acceptable(update.value(), utf8)) {
      badValue(update.key(), update.value());
      return new Reply(Status.CONFIG, synced);
    }
    return changed(table.update(key, update.value(), synced), synced);
  }

  private Reply delete(Table table, Request.Delete delete) {
    int synced = flags | DELETE_FLAGS;
    byte[] key = instance.textRules().key(delete.key(), synced, instance.flags(), utf8);
    if (key == null) {
      badKey(delete.key());
      return new Reply(Status.NOKEY, synced);
    }
    return changed(table.delete(key, synced), synced);
  }

  private Reply changed(ChangeResult result, int synced) {
    if (result instanceof Changed(int clearedFlags)) {
      open.trouble().answered(request.kind());
      return new Reply(Status.OK, synced & ~clearedFlags);
    }
    if (result instanceof NotFound) {
      open.trouble().answered(request.kind());
      return new Reply(Status.NOKEY, synced);
    }
    if (result instanceof Retry(String reason)) {
      open.trouble().failed(request.kind(), reason);
      return new Reply(Status.RETRY, synced);
    }
    open.trouble().failed(request.kind(), ((ConfigError) result).reason());
    return new Reply(Status.CONFIG, synced);
  }

  Reply retry(String reason) {
    open.trouble().failed(request.kind(), reason);
    return new Reply(Status.RETRY, flags);
  }

  private Reply configError(String reason, int clearedFlags) {
    open.trouble().failed(request.kind(), reason);
    return new Reply(Status.CONFIG, flags & ~clearedFlags);
  }

  private void badKey(byte[] key) {
    LOG.warn("{}", TextRules.badKey(open.typeAndName(), key));
  }

  private void badValue(byte[] key, byte[] value) {
    LOG.warn("{}", TextRules.badValue(open.typeAndName(), key, value));
  }
}
