package org.postern.host.protocol;

/**
 * What a client is told. Which of its parts are sent depends on the kind of request and the
 * dialect; the others are ignored.
 *
 * @param flags for the client to use from now on
 * @param key for a sequence
 * @param value for a lookup or a sequence; sent up to its first NUL
 */
@SuppressWarnings("ArrayRecordComponent") // replies are never compared; a copy would be waste
public record Reply(Status status, int flags, byte[] key, byte[] value) {
  public static final byte[] NOTHING = {};

  /** With neither key nor value. */
  public Reply(Status status, int flags) {
    this(status, flags, NOTHING, NOTHING);
  }
}
