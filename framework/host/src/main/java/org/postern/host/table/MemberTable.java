package org.postern.host.table;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Backend;
import org.postern.spi.ChangeResult;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;

/**
 * A table as a table that is made of others sees it. It goes on with the new instance when the
 * member is opened anew, and answers RETRY while the member cannot be opened. The cache owns the
 * member, so that closing this does nothing.
 */
final class MemberTable implements Table {
  private final OpenTable member;

  MemberTable(OpenTable member) {
    this.member = member;
  }

  @Override
  public int flags() {
    return use(Table::flags, unavailable -> TableFlags.PATTERN | TableFlags.SURROGATE);
  }

  @Override
  public Optional<Backend> backend() {
    return use(Table::backend, unavailable -> Optional.empty());
  }

  @Override
  public LookupResult lookup(byte[] key, int flags) {
    return use(table -> table.lookup(key, flags), MemberTable::retry);
  }

  @Override
  public @Nullable LookupResult lookupAtOnce(byte[] key, int flags) {
    return this.<@Nullable LookupResult>use(
        table ->
            table.backend().isPresent() ? table.lookupAtOnce(key, flags) : table.lookup(key, flags),
        MemberTable::retry);
  }

  @Override
  public ChangeResult update(byte[] key, byte[] value, int flags) {
    return use(table -> table.update(key, value, flags), MemberTable::retry);
  }

  @Override
  public ChangeResult delete(byte[] key, int flags) {
    return use(table -> table.delete(key, flags), MemberTable::retry);
  }

  @Override
  public Sequence sequence(int flags) {
    return Sequence.UNSUPPORTED; // no table that is made of others can be walked: DATABASE_README
  }

  private <R extends @Nullable Object> R use(
      Function<Table, R> ready, Function<String, R> unavailable) {
    while (true) {
      switch (member.state()) {
        case TableState.Ready(TableInstance instance) -> {
          // A failed lease means that a newer instance has just taken this one's place.
          if (instance.tryLease()) {
            try {
              return ready.apply(instance.table());
            } finally {
              instance.release();
            }
          }
        }
        case TableState.Unavailable(String reason, boolean _) -> {
          return unavailable.apply(reason);
        }
        case TableState.Opening _ -> member.awaitSettled();
      }
    }
  }

  private static Retry retry(String reason) {
    return new Retry(reason);
  }
}
