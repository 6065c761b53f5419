package org.postern.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts {@link KilledWriter}s and kills them. When is told by what they have done and by how long
 * that took before, so that a machine that is busy with other things makes no difference.
 */
final class KilledProcess {
  private static final int MOST_CHANGES = 40;
  private static final int KILLED = 128 + 9;

  private final WriterProgram program;
  private final Random random = new Random();
  private long nanosToOpen = TimeUnit.MILLISECONDS.toNanos(100);
  private long nanosToChange = TimeUnit.MILLISECONDS.toNanos(1);

  KilledProcess(WriterProgram program) {
    this.program = program;
  }

  /**
   * How it ended.
   *
   * @param whileOpening whether that was before the table was open
   * @param replies what it wrote after each change
   */
  record Ended(boolean whileOpening, List<KilledWriter.Reply> replies) {}

  /**
   * Runs one until it is killed.
   *
   * @param early whether that is to be while it opens the table
   */
  Ended run(boolean early, List<String> arguments) throws IOException, InterruptedException {
    Process process = program.start(arguments);
    try (InputStream output = process.getInputStream()) {
      await(output, KilledWriter.OPENING);
      List<KilledWriter.Reply> replies = new ArrayList<>();
      if (early) {
        pause(nanosToOpen);
      } else {
        long begun = System.nanoTime();
        await(output, KilledWriter.OPEN);
        long open = System.nanoTime();
        nanosToOpen = open - begun;
        byte[] some = output.readNBytes(random.nextInt(1, MOST_CHANGES));
        add(some, replies);
        nanosToChange = (System.nanoTime() - open) / some.length;
        pause(2 * nanosToChange);
      }
      process.toHandle().destroyForcibly(); // unlike that of process itself, leaves the pipe open
      boolean whileOpening = early && output.read() != KilledWriter.OPEN;
      add(output.readAllBytes(), replies);
      return new Ended(whileOpening, replies);
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor()).as(program::errors).isEqualTo(KILLED);
    }
  }

  private void await(InputStream output, int wanted) throws IOException {
    assertThat(output.read()).as(program::errors).isEqualTo(wanted);
  }

  private void pause(long mostNanos) {
    LockSupport.parkNanos(random.nextLong(mostNanos));
  }

  private static void add(byte[] written, List<KilledWriter.Reply> replies) {
    for (byte one : written) {
      replies.add(KilledWriter.Reply.of(one));
    }
  }
}
