package org.postern.program.map;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Keys out of a mail message, as header_checks(5) and body_checks(5) make them: a header with its
 * continuation lines is one key, a line of the body another. Without a look at MIME structure.
 */
public final class MessageKeys {
  /** Longer headers lose the lines beyond: header_size_limit. */
  private final int headerLimit;

  private final boolean headers;
  private final boolean body;

  /**
   * @param headers whether headers become keys
   * @param body whether lines of the body do
   * @param headerLimit bytes
   */
  public MessageKeys(boolean headers, boolean body, int headerLimit) {
    this.headers = headers;
    this.body = body;
    this.headerLimit = headerLimit;
  }

  /** Gives the keys of a message. */
  public void forEach(KeyLines message, KeyLines.Keys keys) throws IOException {
    Reading reading = new Reading(keys);
    message.forEach(reading::line);
    reading.endHeader();
  }

  /** Where in the message it is. */
  private final class Reading {
    private final KeyLines.Keys keys;
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private boolean inBody;

    Reading(KeyLines.Keys keys) {
      this.keys = keys;
    }

    void line(byte[] line) throws IOException {
      if (inBody) {
        bodyLine(line);
        return;
      }
      if (header.size() > 0 && line.length > 0 && isBlank(line[0])) {
        if (header.size() < headerLimit) {
          header.write('\n');
          header.write(line);
        }
        return;
      }
      endHeader();
      int name = nameLength(line);
      if (name > 0) {
        begin(line, name);
        return;
      }
      // Whatever ends the headers, the body begins with an empty line.
      inBody = true;
      bodyLine(new byte[0]);
      if (line.length > 0) {
        bodyLine(line);
      }
    }

    /** A header, without white space before its colon. */
    private void begin(byte[] line, int name) {
      int colon = name;
      while (line[colon] != ':') {
        colon++;
      }
      header.write(line, 0, name);
      header.write(line, colon, line.length - colon);
    }

    void endHeader() throws IOException {
      if (header.size() > 0 && headers) {
        keys.key(header.toByteArray());
      }
      header.reset();
    }

    private void bodyLine(byte[] line) throws IOException {
      if (body) {
        keys.key(line);
      }
    }
  }

  /** The length of the name that a header begins with, or 0 when the line is no header. */
  private static int nameLength(byte[] line) {
    int end = 0;
    while (end < line.length && line[end] > ' ' && line[end] < 0x7f && line[end] != ':') {
      end++;
    }
    int colon = end;
    while (colon < line.length && isBlank(line[colon])) {
      colon++;
    }
    return colon < line.length && line[colon] == ':' ? end : 0;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
