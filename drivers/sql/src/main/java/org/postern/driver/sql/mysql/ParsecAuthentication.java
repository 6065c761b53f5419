package org.postern.driver.sql.mysql;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB's {@code parsec} (11.6 and later): the server sends 32 random bytes; asked for it by an
 * empty packet, it sends how the password is hashed ({@code P}, a number that doubles the rounds,
 * 18 bytes of salt). The hash is the seed of an Ed25519 key, which signs the server's random bytes
 * and ours.
 */
public final class ParsecAuthentication extends MariaDbAuthentication {
  private static final int SCRAMBLE_LENGTH = 32;
  private static final int SALT_LENGTH = 18;
  private static final int SEED_LENGTH = 32;
  private static final int LEAST_ROUNDS = 1024;
  private static final int MOST_DOUBLINGS = 3;

  private byte @Nullable [] scramble;

  @Override
  public String getProtocolPluginName() {
    return "parsec";
  }

  @Override
  public void reset() {
    scramble = null;
  }

  @Override
  byte @Nullable [] answer(byte[] said) {
    byte[] first = scramble;
    if (first == null) {
      if (said.length >= SCRAMBLE_LENGTH) {
        scramble = Arrays.copyOf(said, SCRAMBLE_LENGTH);
      }
      return new byte[0];
    }
    // Connector/J may have taken the letter for the mark of a packet.
    int at = said.length - SALT_LENGTH - 1;
    if (at < 0 || said[at] < 0 || said[at] > MOST_DOUBLINGS || (at > 0 && said[0] != 'P')) {
      throw new IllegalStateException("the server asks for PARSEC in a form that is not known");
    }
    byte[] both = Arrays.copyOf(first, 2 * SCRAMBLE_LENGTH);
    byte[] own = new byte[SCRAMBLE_LENGTH];
    new SecureRandom().nextBytes(own);
    System.arraycopy(own, 0, both, SCRAMBLE_LENGTH, SCRAMBLE_LENGTH);
    try {
      byte[] salt = Arrays.copyOfRange(said, at + 1, said.length);
      byte[] seed = seed(password(), salt, LEAST_ROUNDS << said[at]);
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed)));
      signature.update(both);
      byte[] signed = signature.sign();
      byte[] answer = Arrays.copyOf(own, SCRAMBLE_LENGTH + signed.length);
      System.arraycopy(signed, 0, answer, SCRAMBLE_LENGTH, signed.length);
      return answer;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has these
    }
  }

  /**
   * PBKDF2 (RFC 8018) with HMAC-SHA-512, of which the first block is enough. The JDK's own takes
   * characters.
   */
  static byte[] seed(byte[] password, byte[] salt, int rounds) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA512");
    mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, "HmacSHA512"));
    mac.update(salt);
    mac.update(new byte[] {0, 0, 0, 1});
    byte[] last = mac.doFinal();
    byte[] sum = last.clone();
    for (int round = 1; round < rounds; round++) {
      last = mac.doFinal(last);
      for (int i = 0; i < sum.length; i++) {
        sum[i] ^= last[i];
      }
    }
    return Arrays.copyOf(sum, SEED_LENGTH);
  }
}
