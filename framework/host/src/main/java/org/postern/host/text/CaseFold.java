package org.postern.host.text;

/** stub. */
public final class CaseFold {
  private CaseFold() {}

  public static byte[] ascii(byte[] b) {
    return b;
  }

  public static byte[] utf8(byte[] b) {
    return b;
  }
}
