package org.postern.operations.client;

import java.io.IOException;
import java.util.Optional;
import org.postern.host.protocol.Dialect;
import org.postern.host.protocol.Status;
import org.postern.platform.text.ByteStrings;
import org.postern.platform.text.CaseFold;
import org.postern.platform.text.Utf8;
import org.postern.spi.Entry;
import org.postern.spi.TableFlags;

/**
 * One table as postmap(1) would ask for it through {@code proxy:}: keys are folded and checked for
 * UTF-8, by the server in the new dialect and here in the old one.
 */
public final class TableClient {
  /** What postmap(1) opens a table with. */
  public static final int DEFAULT_FLAGS =
      TableFlags.LOCK | TableFlags.FOLD_FIX | TableFlags.UTF8_REQUEST;

  /** What {@code postmap -f} opens a table with: upper case stays. */
  public static final int CASE_KEPT = DEFAULT_FLAGS & ~TableFlags.FOLD_FIX;

  private final ProxymapClient server;
  private final String table;
  private final int instanceFlags;
  private final int tableFlags;

  private TableClient(ProxymapClient server, String table, int instanceFlags, int tableFlags) {
    this.server = server;
    this.table = table;
    this.instanceFlags = instanceFlags;
    this.tableFlags = tableFlags;
  }

  /**
   * Opens a table.
   *
   * @param table {@code type:name}, a byte string
   * @param flags {@link #DEFAULT_FLAGS} or {@link #CASE_KEPT}
   * @throws TableException when the server refuses it
   */
  public static TableClient open(ProxymapClient server, String table, int flags)
      throws IOException {
    Answer answer = server.open(table, flags);
    if (answer.status() != Status.OK) {
      throw new TableException(table, "open", answer.status());
    }
    return new TableClient(server, table, flags, answer.flags().orElse(0));
  }

  /**
   * Looks a key up.
   *
   * @return the value, or empty when there is no such key
   * @throws TableException when the table cannot answer
   */
  public Optional<byte[]> lookup(byte[] key) throws IOException {
    if (!Utf8.isValid(key)) {
      return Optional.empty();
    }
    boolean old = server.dialect() == Dialect.OLD;
    boolean folds = (instanceFlags & TableFlags.FOLD_FIX) != 0;
    byte[] asked = old && folds && (tableFlags & TableFlags.FIXED) != 0 ? CaseFold.utf8(key) : key;
    Answer answer =
        server.lookup(
            table, instanceFlags, old ? instanceFlags : tableFlags, ByteStrings.of(asked));
    return switch (answer.status()) {
      case OK -> Optional.of(ByteStrings.bytes(answer.value()));
      case NOKEY -> Optional.empty();
      case RETRY, BAD, DENY, CONFIG -> throw new TableException(table, "query", answer.status());
    };
  }

  /**
   * A step of a walk through the table.
   *
   * @return the entry, or empty at the end
   * @throws TableException when the table cannot answer
   */
  public Optional<Entry> next(boolean first) throws IOException {
    Answer answer = server.sequence(table, instanceFlags, tableFlags, first);
    return switch (answer.status()) {
      case OK ->
          Optional.of(
              new Entry(ByteStrings.bytes(answer.key()), ByteStrings.bytes(answer.value())));
      case NOKEY -> Optional.empty();
      case RETRY, BAD, DENY, CONFIG -> throw new TableException(table, "sequence", answer.status());
    };
  }
}
