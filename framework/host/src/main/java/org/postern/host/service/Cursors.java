package org.postern.host.service;

import java.util.HashMap;
import java.util.Map;
import org.postern.host.protocol.RequestKind;
import org.postern.host.table.OpenTable;
import org.postern.host.table.TableInstance;
import org.postern.spi.ConfigError;
import org.postern.spi.Entry;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.SequenceResult;

/**
 * A client's walks, one for each table at most. A walk goes through the instance that it began
 * with, also when the table is opened anew meanwhile. Used by whoever works on the client's request
 * in hand, and closed when there is none.
 */
public final class Cursors {
  private final Map<OpenTable, Cursor> cursors = new HashMap<>();

  /** A step: the first one begins anew; a next one without a first finds nothing. */
  SequenceResult step(OpenTable table, TableInstance instance, int flags, boolean first) {
    if (first) {
      close(table);
      if (!instance.tryLease()) {
        return new Retry("the table is being closed");
      }
      cursors.put(table, new Cursor(instance, instance.table().sequence(flags)));
    }
    Cursor cursor = cursors.get(table);
    if (cursor == null) {
      return NotFound.NOT_FOUND;
    }
    SequenceResult result = cursor.walk.next();
    switch (result) {
      case Entry _ -> table.trouble().answered(RequestKind.SEQUENCE);
      case NotFound _, Retry _, ConfigError _ -> close(table);
    }
    return result;
  }

  /** Ends all walks: the client has gone. */
  public void close() {
    cursors.values().forEach(Cursor::close);
    cursors.clear();
  }

  private void close(OpenTable table) {
    Cursor cursor = cursors.remove(table);
    if (cursor != null) {
      cursor.close();
    }
  }

  private record Cursor(TableInstance instance, Sequence walk) {
    void close() {
      instance.end(walk);
    }
  }
}
