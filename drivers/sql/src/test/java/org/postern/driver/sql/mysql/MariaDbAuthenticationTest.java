package org.postern.driver.sql.mysql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Random;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;

/** What is answered to a server; that a real one takes it is in AuthenticationTest. */
class MariaDbAuthenticationTest {
  /** What MariaDB's documentation of the plugin has for the password {@code secret}. */
  private static final String PUBLIC_KEY_OF_SECRET = "ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY";

  private static PublicKey publicKey(byte[] encoded) throws Exception {
    byte[] bigEndian = new byte[encoded.length];
    for (int i = 0; i < encoded.length; i++) {
      bigEndian[i] = encoded[encoded.length - 1 - i];
    }
    boolean xIsOdd = (bigEndian[0] & 0x80) != 0;
    bigEndian[0] &= 0x7f;
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(
            new EdECPublicKeySpec(
                NamedParameterSpec.ED25519, new EdECPoint(xIsOdd, new BigInteger(1, bigEndian))));
  }

  private static boolean verifies(PublicKey key, byte[] message, byte[] signed) throws Exception {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(key);
    signature.update(message);
    return signature.verify(signed);
  }

  @Test
  void aSignatureByAPasswordIsThatOfTheKeyWhichMariaDbKeeps() throws Exception {
    PublicKey key = publicKey(Base64.getDecoder().decode(PUBLIC_KEY_OF_SECRET));
    Random random = new Random(1);
    for (int i = 0; i < 50; i++) {
      byte[] scramble = new byte[32];
      random.nextBytes(scramble);
      assertThat(verifies(key, scramble, Ed25519Signature.sign("secret".getBytes(UTF_8), scramble)))
          .isTrue();
      assertThat(verifies(key, scramble, Ed25519Signature.sign("Secret".getBytes(UTF_8), scramble)))
          .isFalse();
    }
  }

  @Test
  void parsecSignsBothScramblesWithWhatThePasswordIsHashedTo() throws Exception {
    byte[] salt = "eighteen bytes sal".getBytes(UTF_8);
    for (boolean letterIsThere : new boolean[] {true, false}) {
      ParsecAuthentication parsec = new ParsecAuthentication();
      parsec.setAuthenticationParameters("user", "s3cr3t");
      byte[] scramble = "thirty-two random bytes of a serv".substring(0, 32).getBytes(UTF_8);
      assertThat(parsec.answer(scramble)).isEmpty();
      byte[] form = new byte[20];
      form[0] = 'P';
      form[1] = 1;
      System.arraycopy(salt, 0, form, 2, salt.length);
      byte[] answer =
          Objects.requireNonNull(
              parsec.answer(letterIsThere ? form : Arrays.copyOfRange(form, 1, form.length)));
      assertThat(answer).hasSize(96);
      byte[] both = Arrays.copyOf(scramble, 64);
      System.arraycopy(answer, 0, both, 32, 32);
      byte[] seed =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
              .generateSecret(new PBEKeySpec("s3cr3t".toCharArray(), salt, 2048, 256))
              .getEncoded();
      assertThat(ParsecAuthentication.seed("s3cr3t".getBytes(UTF_8), salt, 2048)).isEqualTo(seed);
      Signature again = Signature.getInstance("Ed25519");
      again.initSign(
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(
                  new java.security.spec.EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed)));
      again.update(both);
      assertThat(Arrays.copyOfRange(answer, 32, 96)).isEqualTo(again.sign());
    }
  }

  @Test
  void parsecRefusesAFormThatWouldTakeForEver() {
    ParsecAuthentication parsec = new ParsecAuthentication();
    parsec.setAuthenticationParameters("user", "s3cr3t");
    assertThat(parsec.answer(new byte[32])).isEmpty();
    byte[] form = new byte[20];
    form[0] = 'P';
    form[1] = 20;
    assertThatThrownBy(() -> parsec.answer(form)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void dialogAnswersTheFirstQuestionWithThePassword() {
    DialogAuthentication dialog = new DialogAuthentication();
    dialog.setAuthenticationParameters("user", "s3cr3t");
    assertThat(dialog.answer("\4Password: ".getBytes(UTF_8))).isEqualTo("s3cr3t\0".getBytes(UTF_8));
    assertThat(dialog.answer("\4Token: ".getBytes(UTF_8))).isEqualTo(new byte[1]);
  }
}
