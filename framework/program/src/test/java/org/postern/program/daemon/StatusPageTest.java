package org.postern.program.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Patience;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.wire.RawClient;

/** The status page in a real browser. */
@Timeout(120)
class StatusPageTest {
  private static final String EVIL =
      "hash:/etc/<script>window.evil=1</script><img src=x onerror=evil=1>";

  @TempDir static Path profile;

  private static @Nullable Chromium started;

  @TempDir Path directory;

  private int port;
  private RunningDaemon daemon;
  private RawClient client;
  private Chromium browser;

  @BeforeAll
  static void startChromium() throws Exception {
    Prerequisite.CHROMIUM.mustBeHere();
    started = new Chromium(profile);
  }

  @AfterAll
  static void endChromium() {
    if (started != null) {
      started.close();
    }
  }

  @BeforeEach
  void serve() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.writeString(directory.resolve("texts"), "key value\n", UTF_8);
    daemon = daemon();
    client = daemon.client();
    client.ask(lookup(texts(), "key"));
    client.ask(lookup(texts(), "nokey"));
    client.ask(lookup("echo:well", "key"));
    client.ask(lookup("echo:badly", "trouble"));
    client.ask(lookup("hash:/nosuch/<b>bold</b>", "key"));
    client.ask(lookup(EVIL, "key"));
    browser = Objects.requireNonNull(started);
    browser.size(1280, 900);
    browser.open("http://127.0.0.1:" + port + "/");
    Patience.until(() -> state().equals("live"));
  }

  private RunningDaemon daemon() throws IOException {
    return new RunningDaemon(
        directory,
        "postern_http_listen",
        "127.0.0.1:" + port,
        "postern_proxywrite_socket",
        "",
        "proxy_write_maps",
        "",
        "proxy_read_maps",
        "proxy:%s proxy:echo:well proxy:echo:badly proxy:hash:/nosuch/<b>bold</b>"
            .formatted(texts()));
  }

  @AfterEach
  void end() throws IOException {
    client.close();
    daemon.close();
  }

  private String texts() {
    return "mapping:" + directory + "/texts";
  }

  private String state() throws Exception {
    return browser.value("document.getElementById('connection')?.dataset.state");
  }

  private List<String> column(String table, String title) throws Exception {
    return browser.values(
        "[...document.querySelectorAll('#%s td[data-label=\"%s\"]')].map(td => td.textContent)"
            .formatted(table, title));
  }

  @Test
  void tablesAreShownWithTheirStateAndCounts() throws Exception {
    assertThat(column("tables", "Table"))
        .containsExactly("echo:badly", "echo:well", "hash:/nosuch/<b>bold</b>", texts());
    assertThat(column("tables", "Driver")).containsExactly("test", "test", "none", "none");
    assertThat(column("tables", "State"))
        .containsExactly("failing", "ready", "unavailable", "ready");
    assertThat(column("tables", "Total")).containsExactly("1", "1", "1", "2");
    assertThat(column("tables", "Failed")).containsExactly("1", "0", "1", "0");
    List<String> p99 = column("tables", "p99");
    assertThat(List.of(p99.get(0), p99.get(2)))
        .as("failures are not timed as answers")
        .containsOnly("–");
    assertThat(List.of(p99.get(1), p99.get(3))).allMatch(text -> text.matches("[0-9.]+ (µs|ms)"));
    assertThat(column("tables", "Last error").get(2)).startsWith("open /nosuch/");
  }

  @Test
  void itRefreshesItself() throws Exception {
    for (int i = 0; i < 7; i++) {
      client.ask(lookup(texts(), "key"));
    }
    Patience.until(() -> column("tables", "Total").getLast().equals("9"));
    Patience.until(() -> column("tables", "Requests/s").getLast().matches("[0-9.]+"));
  }

  @Test
  void namesFromClientsStayText() throws Exception {
    assertThat(column("denials", "Table")).containsExactly(EVIL);
    assertThat(column("denials", "To mend it"))
        .containsExactly(
            "to approve this table for read-only access, list proxy:%s in -o proxy_read_maps="
                .formatted(EVIL));
    assertThat(browser.value("window.evil")).isEqualTo("undefined");
    assertThat(browser.value("document.querySelectorAll('main b, main script, main img').length"))
        .isEqualTo("0");
  }

  @Test
  void columnsAreSortedByTheKeyboard() throws Exception {
    browser.value("document.querySelector('#tables th[data-column=service] button').focus()");
    for (int i = 0; i < 7; i++) {
      browser.press("Tab", "Tab", 9, "");
    }
    assertThat(browser.value("document.activeElement.textContent")).isEqualTo("Total");
    browser.press("Enter", "Enter", 13, "\r");
    assertThat(sorted("total")).isEqualTo("ascending");
    assertThat(column("tables", "Total")).containsExactly("1", "1", "1", "2");
    browser.press(" ", "Space", 32, " ");
    assertThat(sorted("total")).isEqualTo("descending");
    assertThat(column("tables", "Total")).containsExactly("2", "1", "1", "1");
    assertThat(sorted("table")).isEqualTo("none");
    assertThat(browser.value("document.activeElement.textContent")).isEqualTo("Total");
  }

  private String sorted(String column) throws Exception {
    return browser.value(
        "document.querySelector('#tables th[data-column=%s]').ariaSort".formatted(column));
  }

  @Test
  void aPhoneShowsAllOfItWithoutScrollingAcross() throws Exception {
    browser.size(390, 844);
    assertThat(browser.value("document.documentElement.scrollWidth")).isEqualTo("390");
    assertThat(
            browser.value(
                "[...document.querySelectorAll('main *')]"
                    + ".filter(one => one.getBoundingClientRect().right > 390.5).length"))
        .isEqualTo("0");
    browser.size(1280, 900);
    assertThat(browser.value("document.documentElement.scrollWidth")).isEqualTo("1280");
  }

  @Test
  void itSaysWhenTheServerIsGoneAndWhenItIsBack() throws Exception {
    daemon.close();
    Patience.until(() -> state().equals("gone"));
    assertThat(browser.value("document.getElementById('connection').textContent"))
        .startsWith("no answer for ");
    assertThat(column("tables", "Table")).hasSize(4);
    daemon = daemon();
    Patience.until(() -> state().equals("live"));
  }
}
