package org.postern.host.table;

import org.postern.host.text.ByteStrings;
import org.postern.spi.ChangeResult;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.TableFlags;

/**
 * A member that cannot be opened, and answers RETRY.
 *
 * @param typeAndName a byte string
 * @param why what is wrong with it
 */
public record UnavailableMember(String typeAndName, TableState.Unavailable why) implements Member {

  @Override
  public int flags() {
    return TableFlags.PATTERN | TableFlags.SURROGATE;
  }

  @Override
  public LookupResult lookup(byte[] key, int flags) {
    return retry();
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
