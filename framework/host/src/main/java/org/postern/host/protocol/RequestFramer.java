package org.postern.host.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the end of each message in a stream of bytes, however they are split. Holds bytes only
 * while a message is incomplete or unread, so that an idle connection costs no buffer. Used by one
 * thread at a time.
 *
 * <p>Give it what was read with {@link #feed}, take messages with {@link #next} until there is
 * none, then call {@link #retain}, since the caller reuses its buffer.
 */
public final class RequestFramer {
  /** A message has at most six attributes that matter: request, table, two flags, key, value. */
  static final int MARKED_ATTRIBUTES = 6;

  private static final byte[] NONE = {};

  /** A message that is longer, and is not whole yet, is kept in pieces. */
  private static final int LONG = Pieces.SIZE;

  private final int attributeSizeLimit;
  private final int requestSizeLimit;
  private final Pieces pieces;

  /** The bytes at hand: the caller's buffer between feed and retain, our own otherwise. */
  private byte[] bytes = NONE;

  private boolean owned;

  /** Where the message being looked for starts, and where the bytes at hand end. */
  private int start;

  private int end;

  /** What there was before the bytes at hand of a long message. */
  private final List<byte[]> before = new ArrayList<>(0);

  private int lengthBefore;

  /** Where the search goes on. */
  private int scan;

  /** Where the name or value that it is in starts, from the start of the message. */
  private int tokenStart;

  private boolean inValue;

  /** Attributes seen in this message; their offsets from its start: name end, value end. */
  private int attributes;

  private final int[] marks = new int[2 * MARKED_ATTRIBUTES];

  /** The message that was found. */
  private byte[] message = NONE;

  private int messageStart;
  private int messageEnd;
  private int messageAttributes;

  /**
   * @param attributeSizeLimit the longest name or value taken, in bytes
   * @param requestSizeLimit the longest message taken, in bytes
   * @param pieces for long messages
   */
  public RequestFramer(int attributeSizeLimit, int requestSizeLimit, Pieces pieces) {
    this.pieces = pieces;
    this.attributeSizeLimit = attributeSizeLimit;
    this.requestSizeLimit = requestSizeLimit;
  }

  /**
   * Takes what was read: {@code from} to {@code to} of a buffer that stays as it is until retain.
   */
  public void feed(byte[] buffer, int from, int to) {
    if (start == end) {
      move(buffer, from, to);
      owned = false;
      return;
    }
    int held = end - start;
    int needed = held + (to - from);
    if (!owned || start + needed > bytes.length) {
      byte[] room = owned && needed <= bytes.length ? bytes : new byte[Math.max(needed, 2 * held)];
      System.arraycopy(bytes, start, room, 0, held);
      move(room, 0, held);
      owned = true;
    }
    System.arraycopy(buffer, from, bytes, end, to - from);
    end += to - from;
  }

  /** The bytes from start to end are elsewhere now. */
  private void move(byte[] buffer, int from, int to) {
    scan += from - start;
    bytes = buffer;
    start = from;
    end = to;
  }

  /**
   * Finds the next whole message; its bytes are then at {@link #bytes}, {@link #messageStart},
   * until retain.
   *
   * @return false when there is none yet
   * @throws RequestTooLargeException when a limit is passed; the stream is of no use any more
   */
  public boolean next() throws RequestTooLargeException {
    byte[] in = bytes;
    int at = scan;
    int stop = end;
    int shift = lengthBefore - start;
    while (at < stop) {
      if (in[at++] != 0) {
        continue;
      }
      int length = at - 1 + shift - tokenStart;
      if (length > attributeSizeLimit) {
        throw new RequestTooLargeException("postern_attribute_size_limit", attributeSizeLimit);
      }
      if (inValue) {
        if (attributes < MARKED_ATTRIBUTES) {
          marks[2 * attributes + 1] = at - 1 + shift;
        }
        attributes++;
        inValue = false;
      } else if (length == 0) {
        return message(at);
      } else {
        if (attributes < MARKED_ATTRIBUTES) {
          marks[2 * attributes] = at - 1 + shift;
        }
        inValue = true;
      }
      tokenStart = at + shift;
    }
    scan = at;
    if (at + shift - tokenStart > attributeSizeLimit) {
      throw new RequestTooLargeException("postern_attribute_size_limit", attributeSizeLimit);
    }
    if (at + shift > requestSizeLimit) {
      throw new RequestTooLargeException("postern_request_size_limit", requestSizeLimit);
    }
    return false;
  }

  private boolean message(int after) throws RequestTooLargeException {
    if (lengthBefore + after - start > requestSizeLimit) {
      throw new RequestTooLargeException("postern_request_size_limit", requestSizeLimit);
    }
    if (lengthBefore == 0) {
      message = bytes;
      messageStart = start;
      messageEnd = after;
    } else {
      putTogether(after);
    }
    start = after;
    scan = after;
    tokenStart = 0;
    messageAttributes = attributes;
    attributes = 0;
    return true;
  }

  /** A message that began in pieces ends here. */
  private void putTogether(int after) {
    int length = lengthBefore + after - start;
    message = pieces.whole(length);
    messageStart = 0;
    messageEnd = length;
    int at = 0;
    for (byte[] piece : before) {
      int count = Math.min(Pieces.SIZE, lengthBefore - at);
      System.arraycopy(piece, 0, message, at, count);
      at += count;
    }
    System.arraycopy(bytes, start, message, at, after - start);
    release();
  }

  /** Keeps what is left of the caller's buffer, which may be reused afterwards. */
  public void retain() {
    message = NONE;
    if (start == end) {
      move(NONE, 0, 0);
      owned = false;
    } else if (scan == end && lengthBefore + end - start >= LONG) {
      keepInPieces();
    } else if (!owned) {
      move(Arrays.copyOfRange(bytes, start, end), 0, end - start);
      owned = true;
    }
  }

  private void keepInPieces() {
    while (start < end) {
      int at = lengthBefore % Pieces.SIZE;
      if (at == 0) {
        before.add(pieces.take());
      }
      int count = Math.min(end - start, Pieces.SIZE - at);
      System.arraycopy(bytes, start, before.getLast(), at, count);
      start += count;
      lengthBefore += count;
    }
    move(NONE, 0, 0);
    scan = 0;
    owned = false;
  }

  /** Gives back the pieces: of a message that is whole, or will not be. */
  public void release() {
    before.forEach(pieces::give);
    before.clear();
    lengthBefore = 0;
  }

  /** Whether a message has begun and is not over, or waits to be taken. */
  public boolean holdsBytes() {
    return start < end || lengthBefore > 0;
  }

  /** How many bytes are held. */
  public int held() {
    return lengthBefore + end - start;
  }

  /** How much memory they take. */
  public int room() {
    return (owned ? bytes.length : 0) + before.size() * Pieces.SIZE;
  }

  /** How long the message is that was found, bytes. */
  public int messageLength() {
    return messageEnd - messageStart;
  }

  byte[] bytes() {
    return message;
  }

  int messageStart() {
    return messageStart;
  }

  int messageEnd() {
    return messageEnd;
  }

  /** How many attributes the message has; more than {@link #MARKED_ATTRIBUTES} is possible. */
  int attributes() {
    return messageAttributes;
  }

  int nameStart(int attribute) {
    return attribute == 0 ? messageStart : valueEnd(attribute - 1) + 1;
  }

  int nameEnd(int attribute) {
    return messageStart + marks[2 * attribute];
  }

  int valueStart(int attribute) {
    return nameEnd(attribute) + 1;
  }

  int valueEnd(int attribute) {
    return messageStart + marks[2 * attribute + 1];
  }
}
