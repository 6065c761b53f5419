package org.postern.host.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientMemoryTest {
  private final ClientMemory memory = new ClientMemory(100_000);
  private final List<String> closed = new ArrayList<>();

  private ClientMemory.Share share(String name) {
    return memory.share(() -> closed.add(name));
  }

  @Test
  void whoHoldsMostGoesFirst() {
    ClientMemory.Share small = share("small");
    ClientMemory.Share large = share("large");
    ClientMemory.Share last = share("last");
    small.set(20_000);
    large.set(60_000);
    assertThat(closed).isEmpty();
    last.set(30_000);
    assertThat(closed).containsExactly("large");
    assertThat(memory.held()).isEqualTo(50_000);
    assertThat(memory.givenUp()).isEqualTo(1);
    large.set(70_000);
    large.set(0);
    assertThat(memory.held()).as("who is given up counts no more").isEqualTo(50_000);
    small.set(0);
    last.set(0);
    assertThat(memory.held()).isZero();
    assertThat(closed).containsExactly("large");
  }

  @Test
  void whoHoldsLittleIsNotCounted() {
    for (int i = 0; i < 100; i++) {
      share("little").set(ClientMemory.SMALL - 1);
    }
    assertThat(memory.held()).isZero();
    assertThat(closed).isEmpty();
  }

  @Test
  void oneWhoWantsMoreThanThereIsGoesAlone() {
    ClientMemory.Share other = share("other");
    other.set(50_000);
    share("greedy").set(200_000);
    assertThat(closed).containsExactly("greedy");
    assertThat(memory.held()).isEqualTo(50_000);
  }
}
