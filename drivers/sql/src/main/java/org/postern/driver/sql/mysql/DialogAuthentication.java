package org.postern.driver.sql.mysql;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB's {@code dialog}, by which PAM asks: the password is the answer to the first question, as
 * in MariaDB's client library, whatever the connection is. Nobody is there to answer others.
 */
public final class DialogAuthentication extends MariaDbAuthentication {
  private boolean answered;

  @Override
  public String getProtocolPluginName() {
    return "dialog";
  }

  @Override
  public void reset() {
    answered = false;
  }

  @Override
  byte @Nullable [] answer(byte[] said) {
    byte[] word = answered ? new byte[0] : password();
    answered = true;
    return Arrays.copyOf(word, word.length + 1); // ends with a NUL
  }
}
