package org.postern.host.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.Configuration;
import org.postern.host.Host;
import org.postern.host.MemoryTables;
import org.postern.loader.DriverRegistry;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.testkit.LogLines;
import org.postern.testkit.wire.Bystander;
import org.postern.testkit.wire.RawClient;

/**
 * Requests as they should be, and damaged ones, in random pieces, to a real server: it never hangs,
 * what is right is answered rightly, what it says is always the protocol, and another client sees
 * nothing of it.
 */
@Timeout(180)
class RequestFuzzTest {
  private static final int ROUNDS = Integer.getInteger("postern.fuzz.rounds", 200);
  private static final Pattern REPLIES =
      Pattern.compile(
          "(status\\|[0-5]\\|(flags\\|[0-9]+\\||key\\|[^|]*\\||value\\|[^|]*\\|)*\\|)*");

  private static final String TABLE = "two:pairs";
  private static final String OTHER = "o".repeat(3000);

  @TempDir static Path directory;

  private static LogLines log;
  private static Host host;
  private final Random random = new Random(Long.getLong("postern.seed", 13));

  /** A request, and what must be answered. */
  private record Case(String request, String reply) {}

  @BeforeAll
  static void serve() throws Exception {
    Configuration configuration =
        Configuration.of(
            Map.of(
                "queue_directory",
                directory.toString(),
                "postern_proxymap_socket",
                "read",
                "postern_proxywrite_socket",
                "",
                "proxy_read_maps",
                "proxy:" + TABLE));
    log = new LogLines();
    MemoryTables pairs = new MemoryTables("two", RequestFuzzTest::answer);
    host = Host.start(configuration, new DriverRegistry(Map.of("two", pairs), Map.of()));
  }

  @AfterAll
  static void end() throws Exception {
    host.drain();
    log.close();
  }

  /** The two pairs of the table. */
  private static LookupResult answer(byte[] key) {
    return switch (new String(key, StandardCharsets.ISO_8859_1)) {
      case "small" -> new Found("value".getBytes(StandardCharsets.ISO_8859_1));
      case "other" -> new Found(OTHER.getBytes(StandardCharsets.ISO_8859_1));
      default -> NotFound.NOT_FOUND;
    };
  }

  private static List<Case> cases() {
    String value = "status|0|value|value||";
    String named = "request|lookup|table|" + TABLE + "|";
    return List.of(
        new Case(lookup(TABLE, "small"), value),
        new Case(lookup("proxy:" + TABLE, "small"), value),
        new Case(lookup(TABLE, "other"), "status|0|value|" + OTHER + "||"),
        new Case(lookup(TABLE, "none"), "status|1|value|||"),
        new Case(lookup(TABLE, "n".repeat(5000)), "status|1|value|||"),
        new Case(named + "instance_flags|64|flags|0|key|small||", "status|0|flags|0|value|value||"),
        new Case(named + "flags|64|key|small|more|ignored||", value),
        new Case("request|nonsense||", "status|3||"));
  }

  /** With some bytes changed, left out, doubled, or NULs put in. */
  private String damaged(String text) {
    StringBuilder damaged = new StringBuilder(text);
    for (int i = 1 + random.nextInt(4); i > 0 && !damaged.isEmpty(); i--) {
      int at = random.nextInt(damaged.length());
      int end = Math.min(damaged.length(), at + 1 + random.nextInt(20));
      switch (random.nextInt(6)) {
        case 0 -> damaged.setCharAt(at, (char) random.nextInt(256));
        case 1 -> damaged.insert(at, '|');
        case 2 -> damaged.delete(at, end);
        case 3 -> damaged.insert(at, damaged.substring(at, end));
        case 4 -> damaged.setLength(at);
        default -> damaged.insert(at, Integer.toString(random.nextInt()));
      }
    }
    return damaged.toString();
  }

  private void sendInPieces(RawClient client, String text) throws IOException {
    int at = 0;
    while (at < text.length()) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(random.nextBoolean() ? 8 : 2000));
      client.send(text.substring(at, end));
      at = end;
      if (random.nextInt(50) == 0) {
        LockSupport.parkNanos(10_000);
      }
    }
  }

  @Test
  void damagedRequestsHarmNobody() throws Exception {
    List<Case> cases = cases();
    try (Bystander other = new Bystander(directory.resolve("read"), TABLE, "small", "value")) {
      for (int round = 0; round < ROUNDS; round++) {
        List<Case> right = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          right.add(cases.get(random.nextInt(cases.size())));
        }
        String expected = String.join("", right.stream().map(Case::reply).toList());
        String sent = String.join("", right.stream().map(Case::request).toList());
        if (random.nextInt(4) > 0) {
          sent += damaged(cases.get(random.nextInt(cases.size())).request());
        }
        try (RawClient client = RawClient.connect(directory.resolve("read"))) {
          sendInPieces(client, sent);
          client.endOutput();
          StringBuilder replies = new StringBuilder();
          for (String reply = client.receive(); !reply.isEmpty(); reply = client.receive()) {
            replies.append(reply);
          }
          assertThat(replies.toString())
              .as("round %d of postern.seed: %s", round, sent)
              .startsWith(expected)
              .matches(REPLIES);
        }
      }
      assertThat(other.p99()).isLessThan(Duration.ofSeconds(2));
    }
    assertThat(log.lines()).noneMatch(line -> line.contains("internal error"));
    assertThat(log.thrown()).isEmpty();
  }
}
