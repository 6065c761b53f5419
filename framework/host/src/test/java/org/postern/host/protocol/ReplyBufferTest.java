package org.postern.host.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyBufferTest {

  @ParameterizedTest
  @CsvSource({
    "OPEN, OLD, status|0|flags|28||",
    "OPEN, NEW, status|0|flags|28||",
    "LOOKUP, OLD, status|0|value|V||",
    "LOOKUP, NEW, status|0|flags|28|value|V||",
    "UPDATE, OLD, status|0||",
    "UPDATE, NEW, status|0|flags|28||",
    "DELETE, OLD, status|0||",
    "DELETE, NEW, status|0|flags|28||",
    "SEQUENCE, OLD, status|0|key|K|value|V||",
    "SEQUENCE, NEW, status|0|flags|28|key|K|value|V||",
    "UNKNOWN, OLD, status|0||",
    "UNKNOWN, NEW, status|0||"
  })
  void hasTheShapeOfItsRequest(RequestKind kind, Dialect dialect, String expected) {
    Reply reply = new Reply(Status.OK, 28, new byte[] {'K'}, new byte[] {'V'});
    assertThat(Messages.encode(kind, dialect, reply)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "9, 9", "10, 10", "1589341, 1589341", "-1, 4294967295"})
  void flagsAreUnsigned(int flags, String expected) {
    assertThat(Messages.encode(RequestKind.OPEN, Dialect.OLD, new Reply(Status.DENY, flags)))
        .isEqualTo("status|4|flags|" + expected + "||");
  }

  @Test
  void aValueEndsAtItsFirstNul() {
    Reply reply = new Reply(Status.OK, 0, new byte[0], new byte[] {'a', 0, 'b'});
    assertThat(Messages.encode(RequestKind.LOOKUP, Dialect.OLD, reply))
        .isEqualTo("status|0|value|a||");
  }

  @Test
  void growsForAHugeValueAndShrinksAgain() {
    ReplyBuffer buffer = new ReplyBuffer();
    byte[] huge = new byte[1 << 20];
    Arrays.fill(huge, (byte) 'v');
    Reply reply = new Reply(Status.OK, 0, new byte[0], huge);
    buffer.append(RequestKind.LOOKUP, Dialect.OLD, reply);
    buffer.append(RequestKind.LOOKUP, Dialect.OLD, reply);
    assertThat(buffer.size()).isEqualTo(2 * (huge.length + "status|0|value|||".length()));
    buffer.clear();
    assertThat(buffer.isEmpty()).isTrue();
  }
}
