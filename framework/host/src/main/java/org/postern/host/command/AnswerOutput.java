package org.postern.host.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Values and pairs on standard output, as postmap(1) prints them. */
final class AnswerOutput {
  private final OutputStream out = new BufferedOutputStream(System.out);

  void value(byte[] value) throws IOException {
    out.write(value);
    out.write('\n');
  }

  void pair(byte[] key, byte[] value) throws IOException {
    out.write(key);
    out.write('\t');
    value(value);
  }

  void flush() throws IOException {
    out.flush();
  }
}
