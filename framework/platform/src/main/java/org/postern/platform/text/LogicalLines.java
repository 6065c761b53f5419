package org.postern.platform.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postern.spi.TableUnavailableException;

/**
 * Reads the logical lines of Postfix's text files: postconf(5). A line that begins with white space
 * continues the one before; empty lines and lines whose first text is {@code #} count for nothing.
 */
public final class LogicalLines {
  private static final int END = -1;
  private static final int EXCERPT = 30;

  /** So many bytes tell what a file is. */
  private static final int START = 4096;

  private final InputStream input;
  private final String file;
  private final System.Logger logger;
  private final HeapLimit heap;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int filled;
  private byte[] line = new byte[256];
  private int length;
  private int firstLine;
  private int lastLine;

  /**
   * @param file its name as the log shows it
   * @param heap what a line may take
   */
  public LogicalLines(InputStream input, String file, System.Logger logger, HeapLimit heap) {
    this.input = input;
    this.file = file;
    this.logger = logger;
    this.heap = heap;
  }

  /** The next logical line, without line ends, one char for each byte; null at the end. */
  public @Nullable String next() throws IOException, TableUnavailableException {
    while (true) {
      boolean holdsNul = gather();
      if (holdsNul) {
        warn(
            "%s, line %s: text after null byte may be ignored"
                .formatted(
                    file, firstLine == lastLine ? "" + lastLine : firstLine + "-" + lastLine));
      }
      if (length == 0) {
        return null;
      }
      String text = ByteText.of(Arrays.copyOf(line, length));
      if (!ByteText.isSpace(text.charAt(0))) {
        return text;
      }
      warn(
          "%s: logical line must not start with whitespace: \"%s%s\""
              .formatted(
                  file,
                  ByteText.printable(
                      ByteText.untilNul(text.substring(0, Math.min(EXCERPT, length)))),
                  length > EXCERPT ? "..." : ""));
    }
  }

  /** Where the line that {@link #next} gave begins: 1 is the file's first line. */
  public int number() {
    return firstLine;
  }

  /** Puts physical lines together until the next one begins a logical line of its own. */
  private boolean gather() throws IOException, TableUnavailableException {
    boolean holdsNul = false;
    length = 0;
    while (true) {
      int start = length;
      int c = read();
      while (c != END && c != '\n') {
        append((byte) c);
        holdsNul |= c == 0;
        c = read();
      }
      if (c == '\n' || length > start) {
        lastLine++;
      }
      if (isBlankOrComment(start)) {
        length = start;
      }
      if (start == 0) {
        firstLine = lastLine;
      }
      if (c == END || (length > 0 && !continues(peek()))) {
        return holdsNul;
      }
    }
  }

  private static boolean continues(int c) {
    return c == '#' || (c != END && ByteText.isSpace((char) c));
  }

  private boolean isBlankOrComment(int start) {
    int i = start;
    while (i < length && ByteText.isSpace((char) (line[i] & 0xff))) {
      i++;
    }
    return i == length || line[i] == '#';
  }

  private void append(byte b) throws TableUnavailableException {
    if (length == line.length) {
      heap.pass(6L * length); // the longer buffer, then its text twice
      line = Arrays.copyOf(line, Math.clamp(2L * length, length, Integer.MAX_VALUE - 8));
      if (length == line.length) {
        throw new TableUnavailableException(
            "%s, line %d: line too long".formatted(file, lastLine + 1));
      }
    }
    line[length++] = b;
  }

  private int read() throws IOException {
    int c = peek();
    if (c != END) {
      position++;
    }
    return c;
  }

  private int peek() throws IOException {
    if (position == filled) {
      position = 0;
      boolean isStart = filled == 0 && lastLine == 0;
      filled = Math.max(0, input.read(buffer));
      if (isStart && hasNul(Math.min(filled, START))) {
        FileKind.otherThanText(Arrays.copyOf(buffer, Math.min(filled, START)), filled)
            .ifPresent(kind -> warn(file + " is read as text, but " + kind));
      }
    }
    return position < filled ? buffer[position] & 0xff : END;
  }

  /** As every file has that is not text. */
  private boolean hasNul(int length) {
    for (int i = 0; i < length; i++) {
      if (buffer[i] == 0) {
        return true;
      }
    }
    return false;
  }

  private void warn(String text) {
    logger.log(System.Logger.Level.WARNING, text);
  }
}
