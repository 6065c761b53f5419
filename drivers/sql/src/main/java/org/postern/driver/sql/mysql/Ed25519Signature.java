package org.postern.driver.sql.mysql;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A signature by Ed25519 (RFC 8032) with a key that is made of a password as MariaDB's plugin
 * {@code ed25519} makes it: the hash of the password stands where the standard has the hash of a
 * seed, which is why the JDK's own cannot be used. MariaDB's documentation of the plugin defines
 * it.
 *
 * <p>The arithmetic is slow and its time depends on its numbers, which nobody but the server that
 * is logged in to could measure, over the network, once for each connection.
 */
final class Ed25519Signature {
  private static final int HALF = 32;

  private static final BigInteger TWO = BigInteger.TWO;
  private static final BigInteger PRIME = TWO.pow(255).subtract(BigInteger.valueOf(19));

  /** The order of the base point. */
  private static final BigInteger ORDER =
      TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private static final BigInteger D =
      BigInteger.valueOf(-121665).multiply(inverse(BigInteger.valueOf(121666))).mod(PRIME);

  private static final Point BASE =
      Point.of(
          new BigInteger(
              "15112221349535400772501151409588531511454012693041857206046113283949847762202"),
          new BigInteger(
              "46316835694926478169428394003475163141307993866256225615783033603165251855960"));

  private Ed25519Signature() {}

  /**
   * Signs.
   *
   * @param password its bytes
   * @return 64 bytes
   */
  static byte[] sign(byte[] password, byte[] message) {
    byte[] hash = sha512(password);
    byte[] clamped = Arrays.copyOf(hash, HALF);
    clamped[0] &= (byte) 248;
    clamped[HALF - 1] &= (byte) 63;
    clamped[HALF - 1] |= (byte) 64;
    BigInteger secret = number(clamped);
    BigInteger nonce = number(sha512(Arrays.copyOfRange(hash, HALF, 2 * HALF), message)).mod(ORDER);
    byte[] point = BASE.times(nonce).encoded();
    byte[] publicKey = BASE.times(secret).encoded();
    BigInteger challenge = number(sha512(point, publicKey, message));
    BigInteger scalar = challenge.multiply(secret).add(nonce).mod(ORDER);
    byte[] signature = Arrays.copyOf(point, 2 * HALF);
    System.arraycopy(bytes(scalar), 0, signature, HALF, HALF);
    return signature;
  }

  private static byte[] sha512(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static BigInteger inverse(BigInteger value) {
    return value.modInverse(PRIME);
  }

  private static BigInteger number(byte[] littleEndian) {
    return new BigInteger(1, reversed(littleEndian));
  }

  private static byte[] bytes(BigInteger number) {
    byte[] bigEndian = number.toByteArray();
    byte[] padded = new byte[HALF];
    int length = Math.min(bigEndian.length, HALF);
    System.arraycopy(bigEndian, bigEndian.length - length, padded, HALF - length, length);
    return reversed(padded);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  /** A point in extended coordinates: RFC 8032, section 5.1.4. */
  private record Point(BigInteger x, BigInteger y, BigInteger z, BigInteger t) {
    static Point of(BigInteger x, BigInteger y) {
      return new Point(x, y, BigInteger.ONE, x.multiply(y).mod(PRIME));
    }

    Point plus(Point other) {
      BigInteger a = y.subtract(x).multiply(other.y.subtract(other.x)).mod(PRIME);
      BigInteger b = y.add(x).multiply(other.y.add(other.x)).mod(PRIME);
      BigInteger c = t.multiply(TWO).multiply(D).multiply(other.t).mod(PRIME);
      BigInteger d = z.multiply(TWO).multiply(other.z).mod(PRIME);
      BigInteger e = b.subtract(a);
      BigInteger f = d.subtract(c);
      BigInteger g = d.add(c);
      BigInteger h = b.add(a);
      return new Point(
          e.multiply(f).mod(PRIME),
          g.multiply(h).mod(PRIME),
          f.multiply(g).mod(PRIME),
          e.multiply(h).mod(PRIME));
    }

    Point times(BigInteger scalar) {
      Point product = of(BigInteger.ZERO, BigInteger.ONE);
      for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
        product = product.plus(product);
        if (scalar.testBit(bit)) {
          product = product.plus(this);
        }
      }
      return product;
    }

    byte[] encoded() {
      BigInteger inverse = inverse(z);
      byte[] encoded = bytes(y.multiply(inverse).mod(PRIME));
      if (x.multiply(inverse).mod(PRIME).testBit(0)) {
        encoded[HALF - 1] |= (byte) 0x80;
      }
      return encoded;
    }
  }
}
