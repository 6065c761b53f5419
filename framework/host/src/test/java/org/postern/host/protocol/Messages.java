package org.postern.host.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postern.platform.text.ByteStrings;

/** Builds and decodes messages for tests, written with {@code |} in place of NUL. */
final class Messages {
  static final int LONGEST_TABLE = 5000;

  private static final int LIMIT = 1 << 20;

  private Messages() {}

  /** {@code "request|open|table|hash:x|flags|0||"} as bytes. */
  static byte[] bytes(String message) {
    return ByteStrings.bytes(message.replace('|', '\0'));
  }

  /** All requests in the bytes, fed in pieces of the given sizes (the last one is repeated). */
  static List<Request> decode(byte[] bytes, int... pieces) throws RequestTooLargeException {
    RequestFramer framer = new RequestFramer(LIMIT, LIMIT, new Pieces());
    RequestDecoder decoder = new RequestDecoder();
    List<Request> requests = new ArrayList<>();
    byte[] buffer = new byte[bytes.length + 3];
    int at = 0;
    for (int i = 0; at < bytes.length; i++) {
      int size = Math.min(pieces[Math.min(i, pieces.length - 1)], bytes.length - at);
      int offset = i % 3;
      System.arraycopy(bytes, at, buffer, offset, size);
      framer.feed(buffer, offset, offset + size);
      while (framer.next()) {
        requests.add(decoder.decode(framer, LONGEST_TABLE));
      }
      framer.retain();
      Arrays.fill(buffer, (byte) 'x');
      at += size;
    }
    return requests;
  }

  static Request decodeOne(String message) throws RequestTooLargeException {
    List<Request> requests = decode(bytes(message), Integer.MAX_VALUE);
    if (requests.size() != 1) {
      throw new AssertionError("not one request: " + requests);
    }
    return requests.getFirst();
  }

  /** Requests as text, since records that hold arrays do not compare. */
  static List<String> text(List<Request> requests) {
    return requests.stream().map(Messages::text).toList();
  }

  static String text(Request request) {
    return switch (request) {
      case Request.Lookup(Dialect dialect, String table, int instance, int flags, byte[] key) ->
          "lookup %s %s %d %d %s".formatted(dialect, table, instance, flags, ByteStrings.of(key));
      case Request.Delete(Dialect dialect, String table, int instance, int flags, byte[] key) ->
          "delete %s %s %d %d %s".formatted(dialect, table, instance, flags, ByteStrings.of(key));
      case Request.Update update ->
          "update %s %s %d %d %s=%s"
              .formatted(
                  update.dialect(),
                  update.table(),
                  update.instanceFlags(),
                  update.flags(),
                  ByteStrings.of(update.key()),
                  ByteStrings.of(update.value()));
      case Request.Open open -> open.toString();
      case Request.Sequence sequence -> sequence.toString();
      case Request.Malformed malformed -> malformed.toString();
    };
  }

  /** A reply as it goes on the wire, NUL written as {@code |}. */
  static String encode(RequestKind kind, Dialect dialect, Reply reply) {
    ReplyBuffer buffer = new ReplyBuffer();
    buffer.append(kind, dialect, reply);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer view = buffer.view();
    while (view.hasRemaining()) {
      bytes.write(view.get());
    }
    return ByteStrings.of(bytes.toByteArray()).replace('\0', '|');
  }
}
