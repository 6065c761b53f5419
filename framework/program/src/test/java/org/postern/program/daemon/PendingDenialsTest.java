package org.postern.program.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postern.host.service.ConfigurationLook.Pending;

class PendingDenialsTest {
  private final PendingDenials pending = new PendingDenials(3, 100);

  private static final class Client implements Pending {
    private final int size;
    private boolean gone;

    Client(int size) {
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public boolean abandoned() {
      return gone;
    }

    @Override
    public void looked() {}
  }

  @Test
  void noMoreBytesWaitThanMayBe() {
    assertThat(pending.add(new Client(60))).isTrue();
    assertThat(pending.add(new Client(41))).isFalse();
    assertThat(pending.add(new Client(40))).isTrue();
  }

  @Test
  void noMoreRequestsWaitThanMayBe() {
    for (int i = 0; i < 3; i++) {
      assertThat(pending.add(new Client(1))).isTrue();
    }
    assertThat(pending.add(new Client(1))).isFalse();
  }

  @Test
  void whoHasGoneMakesRoomWhetherALookHasBegunOrNot() {
    Client first = new Client(50);
    Client second = new Client(50);
    pending.add(first);
    pending.lookBegins();
    pending.add(second);
    assertThat(pending.add(new Client(50))).isFalse();
    first.gone = true;
    Client third = new Client(50);
    assertThat(pending.add(third)).isTrue();
    second.gone = true;
    Client fourth = new Client(50);
    assertThat(pending.add(fourth)).isTrue();
    assertThat(pending.lookEnds()).isEmpty();
    pending.lookBegins();
    assertThat(pending.lookEnds()).containsExactly(third, fourth);
  }

  @Test
  void aLookIsForThoseWhoAskedBeforeItAndTheyCountUntilItsEnd() {
    Client first = new Client(60);
    pending.add(first);
    pending.lookBegins();
    assertThat(pending.add(new Client(60))).isFalse();
    Client second = new Client(40);
    pending.add(second);
    assertThat(pending.lookEnds()).containsExactly(first);
    assertThat(pending.add(new Client(60))).isTrue();
    pending.lookBegins();
    assertThat(pending.lookEnds()).hasSize(2).contains(second);
  }

  @Test
  void whoWaitsForOneIsWoken() throws Exception {
    Thread other = Thread.ofPlatform().start(() -> pending.add(new Client(1)));
    pending.await(Duration.ofMinutes(10));
    other.join();
    pending.lookBegins();
    assertThat(pending.lookEnds()).hasSize(1);
  }
}
