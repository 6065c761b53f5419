package org.postern.program.map;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Keys, one a line, as postmap(1) reads them: up to a NUL, if there is one. */
public final class KeyLines {
  private final InputStream input;

  /**
   * @param input buffered
   */
  public KeyLines(InputStream input) {
    this.input = input;
  }

  /** What is done with each key. */
  public interface Keys {
    void key(byte[] key) throws IOException;
  }

  /** Gives all keys; an empty line is an empty one. */
  public void forEach(Keys keys) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int next = input.read();
      if (next < 0) {
        if (line.size() > 0) {
          keys.key(untilNul(line.toByteArray()));
        }
        return;
      }
      if (next == '\n') {
        keys.key(untilNul(line.toByteArray()));
        line.reset();
      } else {
        line.write(next);
      }
    }
  }

  private static byte[] untilNul(byte[] line) {
    for (int i = 0; i < line.length; i++) {
      if (line[i] == 0) {
        return Arrays.copyOf(line, i);
      }
    }
    return line;
  }
}
