package org.postern.host.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.postern.host.protocol.Pieces;

class UnsentRepliesTest {
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

  /** Takes so many bytes, in writes of so many at most. */
  private final class Socket implements WritableByteChannel {
    private final int most;
    private int room;
    private int largest;

    Socket(int room, int most) {
      this.room = room;
      this.most = most;
    }

    @Override
    public int write(ByteBuffer bytes) {
      largest = Math.max(largest, bytes.remaining());
      int count = Math.min(Math.min(room, most), bytes.remaining());
      room -= count;
      for (int i = 0; i < count; i++) {
        taken.write(bytes.get());
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static byte[] random(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void bytesComeOutAsTheyWentIn() throws Exception {
    Random random = new Random(7);
    ByteArrayOutputStream given = new ByteArrayOutputStream();
    UnsentReplies unsent = new UnsentReplies(new Pieces());
    for (int i = 0; i < 40; i++) {
      byte[] bytes = random(random, random.nextInt(200_000));
      given.write(bytes);
      unsent.add(ByteBuffer.wrap(bytes));
      unsent.writeTo(new Socket(random.nextInt(150_000), 30_000));
      assertThat(unsent.remaining()).isEqualTo(given.size() - taken.size());
    }
    unsent.writeTo(new Socket(Integer.MAX_VALUE, 100_000));
    assertThat(unsent.isEmpty()).isTrue();
    assertThat(unsent.held()).isZero();
    assertThat(taken.toByteArray()).isEqualTo(given.toByteArray());
  }

  @Test
  void memoryIsProportionalToWhatWaits() {
    UnsentReplies unsent = new UnsentReplies(new Pieces());
    for (int i = 0; i < 100_000; i++) {
      unsent.add(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }
    assertThat(unsent.held()).isBetween(300_000L, 300_000L + UnsentReplies.PIECE);
  }

  @Test
  void aSocketIsNeverGivenMoreThanAPiece() throws Exception {
    byte[] bytes = random(new Random(8), 1_000_000);
    Socket socket = new Socket(600_000, Integer.MAX_VALUE);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    assertThat(UnsentReplies.write(socket, buffer)).isEqualTo(600_000);
    assertThat(buffer.remaining()).isEqualTo(400_000);
    UnsentReplies unsent = new UnsentReplies(new Pieces());
    unsent.add(buffer);
    Socket more = new Socket(Integer.MAX_VALUE, Integer.MAX_VALUE);
    unsent.writeTo(more);
    assertThat(taken.toByteArray()).isEqualTo(bytes);
    assertThat(Math.max(socket.largest, more.largest)).isEqualTo(UnsentReplies.PIECE);
  }
}
