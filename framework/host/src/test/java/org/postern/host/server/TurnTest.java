package org.postern.host.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TurnTest {
  private static final int TURNS = 20_000;

  private final Turn turn = new Turn();

  @Test
  void whatIsNotOfferedIsTheLoops() {
    assertThat(turn.take()).isFalse();
    assertThat(turn.withdraw()).isTrue();
  }

  @Test
  void anOfferIsTakenOrWithdrawn() {
    turn.offer();
    assertThat(turn.withdraw()).isTrue();
    assertThat(turn.take()).isFalse();
    turn.offer();
    assertThat(turn.take()).isTrue();
    assertThat(turn.withdraw()).isFalse();
    assertThat(turn.sent()).isFalse();
    assertThat(turn.isSent()).isTrue();
  }

  @Test
  void theLoopIsToldOfAReplyThatItAwaits() {
    turn.offer();
    assertThat(turn.take()).isTrue();
    assertThat(turn.tellWhenSent()).isTrue();
    assertThat(turn.tellWhenSent()).isTrue();
    assertThat(turn.withdraw()).isFalse();
    assertThat(turn.isSent()).isFalse();
    assertThat(turn.sent()).isTrue();
    assertThat(turn.tellWhenSent()).isFalse();
    assertThat(turn.withdraw()).isFalse();
  }

  @Test
  void whatIsGivenBackIsNotAwaited() {
    turn.offer();
    assertThat(turn.take()).isTrue();
    assertThat(turn.tellWhenSent()).isTrue();
    turn.giveBack();
    assertThat(turn.tellWhenSent()).isFalse();
    assertThat(turn.withdraw()).isTrue();
  }

  /** However the two threads meet: the loop knows that it is sent, or is told. */
  @Test
  void theLoopIsNeverLeftWaiting() throws Exception {
    for (int i = 0; i < TURNS; i++) {
      Turn each = new Turn();
      AtomicInteger told = new AtomicInteger();
      each.offer();
      assertThat(each.take()).isTrue();
      Thread worker =
          Thread.ofVirtual()
              .start(() -> {
                if (each.sent()) {
                  told.incrementAndGet();
                }
              });
      boolean awaits = each.tellWhenSent();
      worker.join();
      assertThat(each.isSent()).isTrue();
      assertThat(told.get()).isEqualTo(awaits ? 1 : 0);
    }
  }
}
