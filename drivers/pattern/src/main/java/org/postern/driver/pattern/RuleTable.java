package org.postern.driver.pattern;

import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Backend;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;

/**
 * A regexp or pcre table. What is quickly found out is answered on the event loop; a pattern that
 * may backtrack for long is tried by a worker.
 */
final class RuleTable implements Table {
  /** One slow key must not keep the next one waiting. */
  private static final int WORKERS = 4;

  private final String typeAndName;
  private final RuleSet rules;
  private final Arena patterns;
  private final Optional<Backend> backend;

  /**
   * @param patterns closed with the table
   */
  RuleTable(String typeAndName, RuleSet rules, Arena patterns) {
    this.typeAndName = typeAndName;
    this.rules = rules;
    this.patterns = patterns;
    this.backend = Optional.of(new Backend(typeAndName, WORKERS));
  }

  @Override
  public int flags() {
    return TableFlags.PATTERN;
  }

  @Override
  public Optional<Backend> backend() {
    return backend;
  }

  @Override
  public @Nullable LookupResult lookupAtOnce(byte[] key, int flags) {
    LookupResult result = rules.lookupAtOnce(key);
    return result == null ? null : named(result);
  }

  @Override
  public LookupResult lookup(byte[] key, int flags) {
    return named(rules.lookup(key));
  }

  @Override
  public LookupResult explain(byte[] key, int flags, Consumer<String> told) {
    return named(rules.lookup(key, line -> told.accept("matches: line " + line)));
  }

  private LookupResult named(LookupResult result) {
    return result instanceof Retry(String why) ? new Retry(typeAndName + ", " + why) : result;
  }

  @Override
  public void close() {
    patterns.close();
  }
}
