package org.postern.driver.sql.mysql;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** MariaDB's {@code ed25519}: the server's 32 random bytes are signed with the password. */
public final class Ed25519Authentication extends MariaDbAuthentication {
  private static final int SCRAMBLE_LENGTH = 32;

  @Override
  public String getProtocolPluginName() {
    return "client_ed25519";
  }

  @Override
  byte @Nullable [] answer(byte[] said) {
    return said.length < SCRAMBLE_LENGTH
        ? new byte[0] // a greeting that was meant for another way: the server will ask again
        : Ed25519Signature.sign(password(), Arrays.copyOf(said, SCRAMBLE_LENGTH));
  }
}
