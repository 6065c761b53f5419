package org.postern.driver.composite;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.spi.ConfigError;
import org.postern.spi.LookupResult;
import org.postern.spi.Table;

/**
 * A member that is asked with the flags that it was opened with, whatever the request's are: so
 * Postfix does it for all but debug.
 */
record MemberTable(Table table, int flags) {

  LookupResult lookup(byte[] key) {
    return withoutFlags(table.lookup(key, flags));
  }

  /** Null when this would have to wait. */
  @Nullable LookupResult lookupAtOnce(byte[] key) {
    LookupResult result =
        table.answersFromMemory() ? table.lookup(key, flags) : table.lookupAtOnce(key, flags);
    return result == null ? null : withoutFlags(result);
  }

  LookupResult explain(byte[] key, Consumer<String> told) {
    return withoutFlags(table.explain(key, flags, told));
  }

  /** What a member learns of its file is nothing to the whole. */
  private static LookupResult withoutFlags(LookupResult result) {
    return result instanceof ConfigError(String reason, int _) ? new ConfigError(reason) : result;
  }

  /** One of the ways to ask. */
  interface Question {
    @Nullable LookupResult ask(MemberTable member, byte[] key);
  }
}
