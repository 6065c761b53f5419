package org.postern.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Keys at which drivers have been seen to stumble. None of them is in anybody's sample. */
public final class EdgeKeys {

  private EdgeKeys() {}

  /** What is special about each key, and its bytes: always the same, in the same order. */
  public static SequencedMap<String, byte[]> all() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("empty", "");
    keys.put("one space", " ");
    keys.put("a NUL alone", "\0");
    keys.put("a NUL inside", "root\0no-such-key");
    keys.put("not UTF-8", "no-such-key-\u00ff\u00fe");
    keys.put("cut off in the middle of a character", "no-such-key-\u00c3");
    keys.put("UTF-8", new String("no-such-key-\u20ac".getBytes(UTF_8), ISO_8859_1));
    keys.put("quote, backslash, percent", "no-such-key-'\"\\%s%n$1*(");
    keys.put("line feed", "no-such-key\nroot");
    keys.put("2,000 bytes", "x".repeat(2_000));
    keys.put("100,000 bytes", "y".repeat(100_000));
    SequencedMap<String, byte[]> bytes = new LinkedHashMap<>();
    keys.forEach((what, key) -> bytes.put(what, key.getBytes(ISO_8859_1)));
    return bytes;
  }

  static boolean isUtf8(byte[] key) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(key));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
