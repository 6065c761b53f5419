package org.postern.host.table;

import java.util.function.Consumer;
import org.postern.platform.text.ByteStrings;
import org.postern.platform.text.TextRules;
import org.postern.platform.text.Utf8;
import org.postern.spi.ChangeResult;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.TableFlags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member that cannot be opened, and answers RETRY; but of a key that cannot be in any table, that
 * it is not there.
 *
 * @param typeAndName a byte string
 * @param why what is wrong with it
 * @param utf8 whether UTF-8 is active
 */
public record UnavailableMember(String typeAndName, TableState.Unavailable why, boolean utf8)
    implements Member {
  private static final Logger LOG = LoggerFactory.getLogger(UnavailableMember.class);

  @Override
  public int flags() {
    return TableFlags.PATTERN | TableFlags.SURROGATE | (utf8 ? TableFlags.UTF8_ACTIVE : 0);
  }

  @Override
  public boolean answersFromMemory() {
    return true;
  }

  @Override
  public LookupResult lookup(byte[] key, int flags) {
    if (utf8 && !Utf8.isValid(key)) {
      LOG.warn("{}", TextRules.badKey(typeAndName, key));
      return NotFound.NOT_FOUND;
    }
    return retry();
  }

  @Override
  public LookupResult lookupAtOnce(byte[] key, int flags) {
    return lookup(key, flags);
  }

  @Override
  public LookupResult explain(byte[] key, int flags, Consumer<String> told) {
    told.accept("member " + ByteStrings.printable(typeAndName) + " is unavailable");
    return lookup(key, flags);
  }

  @Override
  public ChangeResult update(byte[] key, byte[] value, int flags) {
    return retry();
  }

  @Override
  public ChangeResult delete(byte[] key, int flags) {
    return retry();
  }

  @Override
  public Sequence sequence(int flags) {
    return this::retry;
  }

  private Retry retry() {
    return new Retry(ByteStrings.printable(typeAndName) + " is unavailable. " + why.reason());
  }
}
