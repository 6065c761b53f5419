package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.wire.RawClient;

/**
 * Patterns that go back for ever: who asks for such keys waits, is answered as Postfix would answer
 * or told to try again later, and nobody else notices.
 */
@Tag("alone")
@Timeout(120)
class SlowPatternIT {
  /** Far more than there would be if each waited for one of the slow ones. */
  private static final int ALONE = 200;

  private static final int SLOW_CLIENTS = 4;

  @TempDir Path directory;

  private final Requests requests = new Requests(Requests.Dialect.OLD);
  private PosternProcess postern;
  private ExecutorService slowClients;
  private Path config;
  private String pcre;
  private String regexp;
  private String quick;

  @BeforeEach
  void start() throws IOException {
    pcre = "pcre:" + write("pcre", "/^quick$/ at once\n/^(a+)+$/ x\n/^a/ given up\n");
    regexp = "regexp:" + write("regexp", "/^quick$/ at once\n/(a*)(a*)(a*)\\1\\2\\3[XY]/ x\n");
    quick = "texthash:" + write("texthash", "key value\n");
    config = Files.createDirectories(directory.resolve("conf"));
    Path queue = Files.createDirectories(directory.resolve("queue/private")).getParent();
    Files.writeString(
        config.resolve("main.cf"),
        """
        compatibility_level = 3.6
        queue_directory = %s
        proxy_read_maps = proxy:%s proxy:%s proxy:%s
        postern_lookup_timeout = 100s
        """
            .formatted(Objects.requireNonNull(queue), pcre, regexp, quick));
    PosternProcess.mayChange(directory);
    postern = PosternProcess.serve(config);
    slowClients = Executors.newFixedThreadPool(SLOW_CLIENTS);
  }

  @AfterEach
  void end() {
    postern.close();
    slowClients.shutdownNow();
  }

  private String write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, content);
    return file.toString();
  }

  private RawClient client() throws IOException {
    return RawClient.connect(directory.resolve("queue/private/postern-proxymap"));
  }

  /** As many clients as may be, each asking for one slow key after another until told to stop. */
  private List<Future<List<String>>> slowLookups(String table, AtomicInteger wanted) {
    List<Future<List<String>>> replies = new ArrayList<>();
    for (int i = 0; i < SLOW_CLIENTS; i++) {
      String key = "a".repeat(150 + i) + "bc";
      replies.add(
          slowClients.submit(() -> {
            List<String> answers = new ArrayList<>();
            try (RawClient client = client()) {
              do {
                answers.add(client.ask(requests.lookup(table, 64, key)));
              } while (wanted.decrementAndGet() > 0);
            }
            return answers;
          }));
    }
    return replies;
  }

  /** How many lookups are answered while the slow ones are not. */
  private int answeredMeanwhile(List<Future<List<String>>> slow, String table, String key)
      throws IOException {
    int answered = 0;
    try (RawClient client = client()) {
      assertThat(client.ask(requests.lookup(table, 64, key))).startsWith("status|0|");
      while (!slow.stream().allMatch(Future::isDone)) {
        assertThat(client.ask(requests.lookup(table, 64, key))).startsWith("status|0|");
        answered++;
      }
    }
    return answered;
  }

  @Test
  void aPcreEndsAtPostfixsLimitAndDelaysNobody() throws Exception {
    List<Future<List<String>>> slow = slowLookups(pcre, new AtomicInteger(8));
    int answered = answeredMeanwhile(slow, quick, "key");
    for (Future<List<String>> replies : slow) {
      assertThat(replies.get()).isNotEmpty().containsOnly("status|0|value|given up||");
    }
    // Each slow lookup takes half a second of a processor.
    assertThat(answered).isGreaterThan(ALONE);
    assertThat(postern.log()).contains("pcre map", ", line 2: match limit exceeded");
  }

  @Test
  void otherKeysOfTheSameTableAreAnsweredMeanwhile() throws Exception {
    List<Future<List<String>>> slow = slowLookups(pcre, new AtomicInteger(8));
    assertThat(answeredMeanwhile(slow, pcre, "quick")).isGreaterThan(ALONE);
  }

  @Test
  void aRegexpThatDoesNotEndIsRetryAndDelaysNobody() throws Exception {
    postern.close();
    postern = PosternProcess.serve(config, "-o", "postern_lookup_timeout=2s");
    List<Future<List<String>>> slow = slowLookups(regexp, new AtomicInteger(6));
    assertThat(answeredMeanwhile(slow, quick, "key")).isGreaterThan(ALONE);
    for (Future<List<String>> replies : slow) {
      assertThat(replies.get()).isNotEmpty().containsOnly("status|2|value|||");
    }
    // All workers of the table are still at it.
    try (RawClient client = client()) {
      assertThat(client.ask(requests.lookup(regexp, 64, "quick")))
          .isEqualTo("status|0|value|at once||");
      assertThat(client.ask(requests.lookup(quick, 64, "key"))).isEqualTo("status|0|value|value||");
    }
    assertThat(postern.log()).contains("no answer within postern_lookup_timeout");
    assertThat(postern.end()).isZero();
  }
}
