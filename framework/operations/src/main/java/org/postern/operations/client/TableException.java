package org.postern.operations.client;

import java.io.IOException;
import org.postern.host.protocol.Status;
import org.postern.platform.text.ByteStrings;

/** A server's answer that is neither a value nor "no such key". */
public final class TableException extends IOException {
  private static final long serialVersionUID = 1;

  TableException(String table, String operation, Status status) {
    super(
        "table "
            + ByteStrings.printable(table)
            + ": "
            + operation
            + " error: "
            + switch (status) {
              case RETRY -> "the table cannot answer now; the server's log says why";
              case BAD -> "the server does not understand the request; is it type:name?";
              case DENY ->
                  "the table is not approved; list it with proxy: in main.cf:proxy_read_maps"
                      + " (or proxy_write_maps, with -w)";
              case CONFIG ->
                  "the table holds something that must not be used; see the server's log";
              case OK, NOKEY -> throw new IllegalArgumentException(status.name());
            });
  }
}
