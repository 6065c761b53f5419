package org.postern.host.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;
import org.postern.host.statistics.Denials.Denial;

class DenialsTest {
  private final Denials denials = new Denials();

  @Test
  void theSameIsCountedTheLatestComesFirst() {
    denials.denied("hash:a", "problem a", "remedy a");
    denials.denied("hash:b", "problem b", "remedy b");
    denials.denied("hash:a", "problem a", "remedy a");
    assertThat(denials.all())
        .extracting(Denial::table, Denial::problem, Denial::remedy, Denial::count)
        .containsExactly(
            tuple("hash:a", "problem a", "remedy a", 2L),
            tuple("hash:b", "problem b", "remedy b", 1L));
  }

  @Test
  void clientsThatMakeUpNamesFillNoMemory() {
    for (int i = 0; i < 1000; i++) {
      denials.denied("hash:" + i, "problem " + i, "remedy");
    }
    denials.denied("hash:" + "x".repeat(Denials.LONGEST), "long", "remedy");
    assertThat(denials.all()).hasSize(Denials.MOST + 1);
    assertThat(denials.all().getFirst())
        .returns(Denials.OTHER, Denial::table)
        .returns(1001L - Denials.MOST, Denial::count);
  }
}
