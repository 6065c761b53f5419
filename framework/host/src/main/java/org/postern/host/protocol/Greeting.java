package org.postern.host.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a server says first to every client since Postfix 3.6. */
public final class Greeting {
  private static final byte[] BYTES =
      "protocol\0proxymap_protocol\0\0".getBytes(StandardCharsets.ISO_8859_1);

  private Greeting() {}

  /** A fresh view of the greeting's bytes. */
  public static ByteBuffer bytes() {
    return ByteBuffer.wrap(BYTES).asReadOnlyBuffer();
  }
}
