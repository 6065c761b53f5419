package org.postern.host.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RequestFramerTest {

  @Provide
  Arbitrary<byte[]> streams() {
    Arbitrary<String> piece =
        Arbitraries.of(
            "request|lookup|table|hash:x|flags|64|key|k||",
            "request|lookup|table|hash:x|instance_flags|0|flags|64|key||",
            "request|update|table|t:n|flags|0|key|k|value|a long value that goes on and on||",
            "request|sequence|table|t:n|instance_flags|1|flags|1|function|1||",
            "request|open|table|proxy:hash:y|flags|0||",
            "request|bogus||",
            "|",
            "||",
            "nonsense|",
            "key|k|",
            "\u00ff\u00fe|x");
    return piece.list().ofMaxSize(8).map(pieces -> Messages.bytes(String.join("", pieces)));
  }

  @Property
  void anySplitGivesTheSameRequests(
      @ForAll("streams") byte[] stream,
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 40) Integer> pieces)
      throws RequestTooLargeException {
    List<Request> whole = Messages.decode(stream, Integer.MAX_VALUE);
    int[] sizes = pieces.stream().mapToInt(Integer::intValue).toArray();
    assertThat(Messages.text(Messages.decode(stream, sizes))).isEqualTo(Messages.text(whole));
  }

  @Property
  void anyBytesGiveRequestsAndNothingElse(
      @ForAll @Size(max = 200) byte[] stream, @ForAll @IntRange(min = 1, max = 50) int piece)
      throws RequestTooLargeException {
    assertThat(Messages.text(Messages.decode(stream, piece)))
        .isEqualTo(Messages.text(Messages.decode(stream, Integer.MAX_VALUE)));
  }

  @Test
  void holdsNothingBetweenRequests() throws RequestTooLargeException {
    RequestFramer framer = new RequestFramer(100, 100, new Pieces());
    byte[] request = Messages.bytes("request|open|table|a:b|flags|0||");
    framer.feed(request, 0, request.length);
    assertThat(framer.next()).isTrue();
    framer.retain();
    assertThat(framer.holdsBytes()).isFalse();
    framer.feed(request, 0, 5);
    assertThat(framer.next()).isFalse();
    framer.retain();
    assertThat(framer.holdsBytes()).isTrue();
    assertThat(framer.held()).isEqualTo(5);
  }

  @Test
  void refusesAnAttributeOverTheLimitAsSoonAsItIs() throws RequestTooLargeException {
    RequestFramer framer = new RequestFramer(10, 1000, new Pieces());
    byte[] bytes = Messages.bytes("request|01234567890");
    framer.feed(bytes, 0, bytes.length - 1);
    assertThat(framer.next()).isFalse();
    framer.feed(bytes, bytes.length - 1, bytes.length);
    assertThatThrownBy(framer::next)
        .isInstanceOf(RequestTooLargeException.class)
        .hasMessageContaining("postern_attribute_size_limit = 10");
  }

  @Test
  void takesAnAttributeOfExactlyTheLimit() throws RequestTooLargeException {
    RequestFramer framer = new RequestFramer(10, 1000, new Pieces());
    byte[] bytes = Messages.bytes("request|0123456789||");
    framer.feed(bytes, 0, bytes.length);
    assertThat(framer.next()).isTrue();
  }

  @Test
  void refusesARequestOverTheLimitWhetherItComesWholeOrNot() {
    byte[] bytes = Messages.bytes("a|b|c|d|e|f|g|h||");
    RequestFramer whole = new RequestFramer(10, bytes.length - 1, new Pieces());
    whole.feed(bytes, 0, bytes.length);
    assertThatThrownBy(whole::next).hasMessageContaining("postern_request_size_limit");
    RequestFramer partial = new RequestFramer(10, 8, new Pieces());
    partial.feed(bytes, 0, 9);
    assertThatThrownBy(partial::next).hasMessageContaining("postern_request_size_limit = 8");
  }

  @Test
  void aLongRequestIsTheSameInPieces() throws RequestTooLargeException {
    String one = "request|lookup|table|hash:x|flags|64|key|" + "k".repeat(300_000) + "||";
    String two = "request|update|table|a:b|flags|0|key|" + "u".repeat(70_000) + "|value|v||";
    byte[] stream = Messages.bytes(one + "request|open|table|a:b|flags|0||" + two + one);
    List<String> whole = Messages.text(Messages.decode(stream, Integer.MAX_VALUE));
    assertThat(whole).hasSize(4);
    for (int size : new int[] {1000, 65_535, 65_536, 65_537, 100_000, 300_030}) {
      assertThat(Messages.text(Messages.decode(stream, size))).isEqualTo(whole);
    }
  }

  @Test
  void theBuffersOfALongRequestAreUsedAgain() throws RequestTooLargeException {
    Pieces pieces = new Pieces();
    byte[] half = Messages.bytes("request|lookup|table|" + "k".repeat(200_000));
    byte[] mine = pieces.take();
    pieces.give(mine);
    RequestFramer framer = new RequestFramer(1 << 20, 1 << 20, pieces);
    framer.feed(half, 0, half.length);
    assertThat(framer.next()).isFalse();
    framer.retain();
    assertThat(framer.held()).isEqualTo(half.length);
    assertThat(framer.room()).isEqualTo(4 * Pieces.SIZE);
    framer.release();
    boolean isThere = false;
    for (int i = 0; i < 4; i++) {
      isThere |= Arrays.equals(pieces.take(), mine) && mine[1] != 0;
    }
    assertThat(isThere).isTrue();
  }
}
