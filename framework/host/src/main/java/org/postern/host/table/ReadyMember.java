package org.postern.host.table;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.ByteStrings;
import org.postern.platform.text.TextRules;
import org.postern.spi.Access;
import org.postern.spi.Backend;
import org.postern.spi.ChangeResult;
import org.postern.spi.ConfigError;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member that is open. Applies the rules for text as Postfix does it for each member by itself.
 * Holds a lease on the instance, which whoever made it gives back.
 */
final class ReadyMember implements Member {
  private static final Logger LOG = LoggerFactory.getLogger(ReadyMember.class);

  private final String typeAndName;
  private final TableInstance instance;
  private final Optional<Backend> backend;
  private final boolean utf8;

  /**
   * @param typeAndName a byte string
   * @param utf8 whether UTF-8 is active
   */
  ReadyMember(String typeAndName, TableInstance instance, Access access, boolean utf8) {
    this.typeAndName = typeAndName;
    this.instance = instance;
    this.utf8 = utf8;
    // Changes of a table without a backend are made one by one, whoever asks for them.
    this.backend =
        instance
            .backend()
            .or(() ->
                access == Access.READ_WRITE
                    ? Optional.of(OpenTable.changesOf(typeAndName))
                    : Optional.empty());
  }

  String typeAndName() {
    return typeAndName;
  }

  TableInstance instance() {
    return instance;
  }

  @Override
  public int flags() {
    return instance.flags() | (utf8 ? TableFlags.UTF8_ACTIVE : 0);
  }

  @Override
  public boolean answersFromMemory() {
    return backend.isEmpty();
  }

  @Override
  public Optional<Backend> backend() {
    return backend;
  }

  @Override
  public LookupResult lookup(byte[] key, int flags) {
    byte[] ruled = instance.textRules().key(key, flags, instance.flags(), utf8);
    return ruled == null ? badKey(key) : checked(key, instance.table().lookup(ruled, flags));
  }

  @Override
  public @Nullable LookupResult lookupAtOnce(byte[] key, int flags) {
    byte[] ruled = instance.textRules().key(key, flags, instance.flags(), utf8);
    if (ruled == null) {
      return badKey(key);
    }
    Table table = instance.table();
    LookupResult result =
        instance.backend().isPresent()
            ? table.lookupAtOnce(ruled, flags)
            : table.lookup(ruled, flags);
    return result == null ? null : checked(key, result);
  }

  @Override
  public LookupResult explain(byte[] key, int flags, Consumer<String> told) {
    told.accept(
        "member %s, key \"%s\""
            .formatted(ByteStrings.printable(typeAndName), ByteStrings.visible(key)));
    long begun = System.nanoTime();
    byte[] ruled = instance.textRules().key(key, flags, instance.flags(), utf8);
    LookupResult result =
        ruled == null
            ? badKey(key)
            : checked(
                key, instance.table().explain(ruled, flags, line -> told.accept("    " + line)));
    double milliseconds = (System.nanoTime() - begun) / 1e6;
    told.accept(String.format(Locale.ROOT, "    %s in %.3f ms", outcome(result), milliseconds));
    return result;
  }

  private static String outcome(LookupResult result) {
    return switch (result) {
      case Found(byte[] value, int _) -> "found \"" + ByteStrings.visible(value) + '"';
      case NotFound _ -> "not found";
      case Retry(String reason) -> "no answer: " + reason + ":";
      case ConfigError(String reason, int _) -> "nothing that may be used: " + reason + ":";
    };
  }

  private LookupResult badKey(byte[] key) {
    LOG.warn("{}", TextRules.badKey(typeAndName, key));
    return NotFound.NOT_FOUND;
  }

  private LookupResult checked(byte[] key, LookupResult result) {
    if (result instanceof Found(byte[] value, int cleared)) {
      return instance.textRules().acceptable(value, utf8)
          ? result
          : new ConfigError(TextRules.badValue(typeAndName, key, value), cleared);
    }
    if (result instanceof Retry(String reason)) {
      return new Retry(named(reason));
    }
    return result instanceof ConfigError(String reason, int cleared)
        ? new ConfigError(named(reason), cleared)
        : result;
  }

  @Override
  public ChangeResult update(byte[] key, byte[] value, int flags) {
    byte[] ruled = instance.textRules().key(key, flags, instance.flags(), utf8);
    if (ruled == null) {
      return new ConfigError(TextRules.badKey(typeAndName, key));
    }
    return instance.textRules().acceptable(value, utf8)
        ? instance.table().update(ruled, value, flags)
        : new ConfigError(TextRules.badValue(typeAndName, key, value));
  }

  @Override
  public ChangeResult delete(byte[] key, int flags) {
    byte[] ruled = instance.textRules().key(key, flags, instance.flags(), utf8);
    if (ruled == null) {
      LOG.warn("{}", TextRules.badKey(typeAndName, key));
      return NotFound.NOT_FOUND;
    }
    return instance.table().delete(ruled, flags);
  }

  @Override
  public Sequence sequence(int flags) {
    return instance.table().sequence(flags);
  }

  /** A reason need not say which table it is about, and there are several. */
  private String named(String reason) {
    return ByteStrings.printable(typeAndName) + ": " + reason;
  }
}
