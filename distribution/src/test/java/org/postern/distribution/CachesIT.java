package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The caches of an unmodified verify(8) and postscreen(8) are tables that Postern writes. */
@Timeout(180)
class CachesIT {
  private static final String CLEANED = "_LAST_CACHE_CLEANUP_COMPLETED_";

  @TempDir Path directory;

  private PrivatePostfix postfix;
  private @Nullable PosternProcess postern;
  private int smtpd;
  private int postscreen;

  @BeforeAll
  static void postfixIsHere() {
    PrivatePostfix.mustBePossible();
  }

  @BeforeEach
  void start() throws Exception {
    smtpd = PrivatePostfix.freePort();
    postscreen = PrivatePostfix.freePort();
    Path cache = Files.createDirectory(directory.resolve("cache"));
    PosternProcess.mayChange(cache);
    postfix =
        new PrivatePostfix(directory)
            .set("proxymap_service_name", "postern-proxymap")
            .set("proxywrite_service_name", "postern-proxywrite")
            .set("address_verify_map", "proxy:btree:" + cache + "/verify")
            .set("postscreen_cache_map", "proxy:btree:" + cache + "/postscreen")
            .set("proxy_read_maps", "$address_verify_map $postscreen_cache_map")
            .set("relay_domains", "example.org")
            .set("relay_recipient_maps", "")
            .set(
                "transport_maps",
                "inline:{{good@example.org = discard:}, {bad@example.org = error:no such user}}")
            .set("smtpd_relay_restrictions", "reject_unauth_destination")
            .set("smtpd_recipient_restrictions", "reject_unverified_recipient")
            .set("unverified_recipient_reject_code", "550")
            .set("address_verify_poll_delay", "1s")
            .set("address_verify_poll_count", "60")
            .set("postscreen_access_list", "")
            .set("postscreen_greet_wait", "1s")
            .set("postscreen_greet_action", "enforce")
            .service("127.0.0.1:" + smtpd + " inet n - n - - smtpd")
            .service("127.0.0.1:" + postscreen + " inet n - n - 1 postscreen")
            .service("smtpd pass - - n - - smtpd")
            .service("cleanup unix n - n - 0 cleanup")
            .service("qmgr unix n - n 300 1 qmgr")
            .service("rewrite unix - - n - - trivial-rewrite")
            .service("verify unix - - n - 1 verify")
            .service("bounce unix - - n - 0 bounce")
            .service("defer unix - - n - 0 bounce")
            .service("trace unix - - n - 0 bounce")
            .service("discard unix - - n - - discard")
            .service("error unix - - n - - error")
            .service("dnsblog unix - - n - 0 dnsblog")
            .service("tlsproxy unix - - n - 0 tlsproxy")
            .service("anvil unix - - n - 1 anvil");
  }

  private void serve() throws Exception {
    postern = PosternProcess.serve(postfix.config());
    postfix.start();
  }

  @AfterEach
  void end() throws IOException {
    postfix.close();
    PosternProcess served = Objects.requireNonNull(postern);
    served.close();
    assertThat(postfix.log()).doesNotContain("panic:", "fatal:", "error:", "malformed");
    assertThat(served.log()).doesNotContain("warning:", "error:");
  }

  @Test
  void aProbedAddressIsStoredAndFoundAgain() throws Exception {
    serve();
    assertThat(recipient("good@example.org")).startsWith("250 ");
    assertThat(recipient("bad@example.org")).startsWith("550 5.1.1 ").contains("no such user");
    assertThat(entries("verify"))
        .anyMatch(entry -> entry.startsWith("good@example.org\t0:0:"))
        .anyMatch(entry -> entry.matches("bad@example\\.org\t2:0:.*no such user.*"));
    assertThat(read("verify")).containsAll(entries("verify"));
    long probes = probes();
    assertThat(probes).isEqualTo(2);
    postfix.restart("verify");
    assertThat(recipient("good@example.org")).startsWith("250 ");
    assertThat(recipient("bad@example.org")).startsWith("550 5.1.1 ").contains("no such user");
    assertThat(probes()).as("asked from the table").isEqualTo(probes);
  }

  private String recipient(String address) throws IOException {
    try (SmtpClient smtp = SmtpClient.connect(smtpd)) {
      return smtp.recipient(address);
    }
  }

  private long probes() throws IOException {
    return postfix.log().lines().filter(line -> line.contains("from=<double-bounce@")).count();
  }

  @Test
  void verifyCleansUpWhatHasExpired() throws Exception {
    postfix
        .set("address_verify_cache_cleanup_interval", "1s")
        .set("address_verify_positive_refresh_time", "2s")
        .set("address_verify_positive_expire_time", "3s");
    serve();
    assertThat(recipient("good@example.org")).startsWith("250 ");
    assertThat(recipient("bad@example.org")).startsWith("550 ");
    await(() ->
        entries("verify").stream().noneMatch(entry -> entry.startsWith("good@example.org\t")));
    assertThat(entries("verify"))
        .anyMatch(entry -> entry.startsWith("bad@example.org\t2:"))
        .anyMatch(entry -> entry.startsWith(CLEANED));
    await(() ->
        postfix.log().matches("(?s).*cache \\S*/verify full cleanup: retained=1 dropped=1.*"));
  }

  @Test
  void postscreenKnowsAClientThatHasPassed() throws Exception {
    serve();
    connect();
    await(() -> postfix.log().contains("PASS NEW [127.0.0.1]:"));
    await(() -> entries("postscreen").stream().anyMatch(entry -> entry.startsWith("127.0.0.1\t")));
    assertThat(read("postscreen")).containsAll(entries("postscreen"));
    connect();
    await(() -> postfix.log().contains("PASS OLD [127.0.0.1]:"));
    postfix.restart("postscreen");
    connect();
    await(() -> passedAsOld() == 2);
  }

  private void connect() throws IOException {
    try (SmtpClient smtp = SmtpClient.connect(postscreen)) {
      assertThat(smtp.recipient("someone@example.com")).startsWith("554 5.7.1 ");
    }
  }

  private long passedAsOld() throws IOException {
    return postfix.log().lines().filter(line -> line.contains("PASS OLD")).count();
  }

  @Test
  void postscreenCleansUpWhatHasExpired() throws Exception {
    postfix
        .set("postscreen_cache_cleanup_interval", "1s")
        .set("postscreen_cache_retention_time", "1s")
        .set("postscreen_greet_ttl", "1s");
    serve();
    connect();
    await(() -> entries("postscreen").stream().anyMatch(entry -> entry.startsWith(CLEANED)));
    await(() -> entries("postscreen").stream().noneMatch(entry -> entry.startsWith("127.0.0.1\t")));
    await(() -> postfix.log().matches("(?s).*cache \\S*/postscreen full cleanup: .* dropped=1 .*"));
  }

  /** What Postern says that is in a table. */
  private List<String> entries(String table) throws Exception {
    Postfix.Outcome walk =
        Postfix.run(
            List.of(
                PosternProcess.COMMAND,
                "query",
                "-c",
                postfix.config().toString(),
                "-w",
                "--all",
                name(table)),
            "");
    assertThat(walk.err()).isEmpty();
    return walk.out().lines().toList();
  }

  /** What Postfix itself reads in the table's file. */
  private List<String> read(String table) throws Exception {
    Postfix.Outcome walk = postfix.run("", "postmap", "-s", name(table));
    assertThat(walk.err()).isEmpty();
    return walk.out().lines().toList();
  }

  private String name(String table) {
    return "btree:" + directory + "/cache/" + table;
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    for (int i = 0; i < 600; i++) {
      if (condition.call()) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("has not come about in a minute");
  }
}
