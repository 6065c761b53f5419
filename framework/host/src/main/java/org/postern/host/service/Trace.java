package org.postern.host.service;

import org.postern.host.protocol.Request;
import org.postern.platform.text.ByteStrings;

/** A request as one readable line, for {@code -v -v}. */
final class Trace {
  private Trace() {}

  static String of(Request request) {
    return switch (request) {
      case Request.Malformed malformed -> malformed.complaint();
      case Request.Lookup lookup ->
          line(lookup) + " key=" + ByteStrings.printableBeginning(lookup.key());
      case Request.Delete delete ->
          line(delete) + " key=" + ByteStrings.printableBeginning(delete.key());
      case Request.Update update ->
          line(update)
              + " key="
              + ByteStrings.printableBeginning(update.key())
              + " value="
              + ByteStrings.printableBeginning(update.value());
      case Request.Sequence sequence -> line(sequence) + (sequence.first() ? " first" : " next");
      case Request.Open open -> line(open);
    };
  }

  private static String line(Request.OfTable request) {
    return request.kind().requestName()
        + " "
        + ByteStrings.printable(request.table())
        + " instance_flags="
        + Integer.toUnsignedString(request.instanceFlags())
        + " flags="
        + Integer.toUnsignedString(request.flags());
  }
}
