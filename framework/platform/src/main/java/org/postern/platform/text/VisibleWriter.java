package org.postern.platform.text;

import java.io.IOException;
import java.io.Writer;

/**
 * What goes to a terminal: the one place through which commands print. What came from a server, a
 * plugin or a file can have escape sequences in it, or characters that turn the order of others
 * round; none of them passes.
 */
public final class VisibleWriter extends Writer {
  private final Writer out;

  /** The first half of a character that takes two chars, or 0. */
  private char half;

  public VisibleWriter(Writer out) {
    this.out = out;
  }

  @Override
  public void write(char[] chars, int from, int count) throws IOException {
    StringBuilder visible = new StringBuilder(count);
    for (int i = from; i < from + count; i++) {
      char next = chars[i];
      if (half != 0) {
        boolean isWhole = Character.isLowSurrogate(next);
        int whole = isWhole ? Character.toCodePoint(half, next) : '?';
        visible.appendCodePoint(ByteStrings.isVisible(whole) ? whole : '?');
        half = 0;
        if (isWhole) {
          continue;
        }
      }
      if (Character.isHighSurrogate(next)) {
        half = next;
      } else {
        visible.append(next == '\n' || next == '\t' || ByteStrings.isVisible(next) ? next : '?');
      }
    }
    out.append(visible);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
