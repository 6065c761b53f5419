package org.postern.driver.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;

/** What the C library's regular expressions cost, which has no bound there, has one. */
@Timeout(120)
final class RegexpBoundsTest {
  private static final int MEGABYTE = 1 << 20;

  @TempDir private Path directory;

  private Table open(TestOpening opening) throws Exception {
    return opening.open(new RegexpDriver());
  }

  /**
   * Each byte of these keys leads the C library to a state that it has not met before, and keeps:
   * of 160,000 of them it would keep over 400 MB. (The long bracket gives its table of states a
   * size.)
   */
  @Test
  void theStatesThatTheCLibraryKeepsAreGivenBack() throws Exception {
    String pattern = "/^(a|b)*a[ab]{30}[" + "c".repeat(60_000) + "]/";
    Path file = Rules.write(directory.resolve("rules"), pattern + " x\n");
    Random random = new Random(1);
    try (TestOpening opening = TestOpening.of("regexp", file)) {
      Table table = open(opening);
      long before = resident();
      for (int i = 0; i < 640; i++) {
        StringBuilder key = new StringBuilder();
        random.ints(250, 'a', 'c').forEach(c -> key.append((char) c));
        assertThat(table.lookup(Bytes.bytes(key.toString()), 0)).isEqualTo(NotFound.NOT_FOUND);
        assertThat(resident() - before).isLessThan(250L * MEGABYTE);
      }
    }
  }

  private static long resident() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("RssAnon:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  /**
   * How long a match takes is found out: of a key that is twice as long, four times as long. The
   * first that takes over two seconds has another one refused.
   */
  @Test
  void ofOnePatternASingleMatchIsSlowAtATime() throws Exception {
    Path file = Rules.write(directory.resolve("rules"), "/a.*b.*[XY]/ x\n");
    try (TestOpening opening = TestOpening.of("regexp", file)) {
      Table table = open(opening);
      boolean refused = false;
      for (int length = 8_000; !refused && length < 200_000; length *= 2) {
        byte[] key = Bytes.bytes("a".repeat(length) + "b");
        CompletableFuture<LookupResult> one = lookup(table, key);
        CompletableFuture<LookupResult> other = lookup(table, key);
        LookupResult first = (LookupResult) CompletableFuture.anyOf(one, other).get();
        refused = isRefused(first);
        if (refused) {
          assertThat(table.lookupAtOnce(Bytes.bytes("abX"), 0)).isInstanceOf(Found.class);
        }
        one.join();
        other.join();
      }
      assertThat(refused).isTrue();
      byte[] another = Bytes.bytes("a".repeat(1000) + "bX");
      assertThat(table.lookup(another, 0)).as("afterwards").isInstanceOf(Found.class);
    }
  }

  private static CompletableFuture<LookupResult> lookup(Table table, byte[] key) {
    CompletableFuture<LookupResult> result = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> result.complete(table.lookup(key, 0)));
    return result;
  }

  private static boolean isRefused(LookupResult result) {
    return result instanceof Retry(String reason)
        && reason.contains("has been tried on another key for over 2 seconds");
  }
}
