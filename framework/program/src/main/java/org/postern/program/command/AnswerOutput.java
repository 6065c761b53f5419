package org.postern.program.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.postern.platform.text.ByteStrings;

/**
 * Values and pairs on standard output, as postmap(1) prints them; on a terminal without what could
 * steer it.
 */
final class AnswerOutput {
  private final OutputStream out = new BufferedOutputStream(System.out);
  private final boolean isSeen = Terminal.isThere();

  void value(byte[] value) throws IOException {
    out.write(shown(value));
    out.write('\n');
  }

  void pair(byte[] key, byte[] value) throws IOException {
    out.write(shown(key));
    out.write('\t');
    value(value);
  }

  private byte[] shown(byte[] bytes) {
    return isSeen ? ByteStrings.visible(bytes).getBytes(UTF_8) : bytes;
  }

  void flush() throws IOException {
    out.flush();
  }
}
