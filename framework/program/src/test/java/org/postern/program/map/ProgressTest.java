package org.postern.program.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private long now = TimeUnit.DAYS.toNanos(1);

  private Progress progress(boolean isShown) {
    PrintStream terminal = new PrintStream(screen, true, StandardCharsets.UTF_8);
    return new Progress("hash:/etc/virtual", terminal, isShown, () -> now);
  }

  private String screen() {
    String written = screen.toString(StandardCharsets.UTF_8);
    screen.reset();
    return written;
  }

  private void read(Progress progress, int pairs) {
    for (int i = 0; i < pairs; i++) {
      progress.pair();
    }
  }

  @Test
  void onceASecondItSaysHowManyThereAreAndGoesAtTheEnd() {
    try (Progress progress = progress(true)) {
      read(progress, 5000);
      assertThat(screen()).isEmpty();
      now += TimeUnit.MILLISECONDS.toNanos(2500);
      read(progress, 1_229_567);
      assertThat(screen()).isEqualTo("hash:/etc/virtual: 6,000 entries in 2 s\u001b[K\r");
      now += TimeUnit.SECONDS.toNanos(1);
      progress.completes();
      assertThat(screen())
          .isEqualTo("hash:/etc/virtual: 1,234,567 entries in 3 s, being written\u001b[K\r");
    }
    assertThat(screen()).isEqualTo("\u001b[K");
  }

  @Test
  void ofATableThatIsMadeWithinASecondNothingIsSaid() {
    try (Progress progress = progress(true)) {
      read(progress, 5000);
      progress.completes();
    }
    assertThat(screen()).isEmpty();
  }

  @Test
  void whereThereIsNoTerminalNothingIsSaid() {
    try (Progress progress = progress(false)) {
      now += TimeUnit.SECONDS.toNanos(5);
      read(progress, 5000);
      progress.completes();
    }
    assertThat(screen()).isEmpty();
  }
}
