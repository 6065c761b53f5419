package org.postern.program.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.postern.testkit.wire.RawClient.lookup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.ConfigurationException;
import org.postern.host.protocol.RequestKind;
import org.postern.host.protocol.Status;
import org.postern.host.statistics.Durations;
import org.postern.operations.status.BackendStatus;
import org.postern.operations.status.DenialStatus;
import org.postern.operations.status.RequestStatus;
import org.postern.operations.status.ServiceStatus;
import org.postern.operations.status.StatusReport;
import org.postern.operations.status.TableStatus;
import org.postern.testkit.Patience;
import org.postern.testkit.wire.RawClient;

@Timeout(60)
class StatusReportTest {
  @TempDir Path directory;

  private static TableStatus table(RunningDaemon daemon, String name) {
    return daemon.status().tables().stream()
        .filter(table -> table.service().equals("proxymap") && table.table().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static RequestStatus requests(RunningDaemon daemon, String name) {
    return table(daemon, name).requests().getFirst();
  }

  @Test
  void requestsAreCountedByOutcome() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      assertThat(table(daemon, "echo:x").state()).isEqualTo(TableStatus.State.NOT_ASKED);
      client.ask(lookup("echo:x", "a"));
      client.ask(lookup("proxy:echo:x", "b"));
      client.ask(lookup("echo:x", "none"));
      client.ask(lookup("echo:x", "trouble"));
      TableStatus table = table(daemon, "echo:x");
      assertThat(table.requests()).hasSize(1);
      RequestStatus lookups = table.requests().getFirst();
      assertThat(lookups.kind()).isEqualTo(RequestKind.LOOKUP);
      assertThat(lookups.outcomes())
          .isEqualTo(Map.of(Status.OK, 2L, Status.NOKEY, 1L, Status.RETRY, 1L));
      assertThat(lookups.durations().count()).as("those that were answered").isEqualTo(3);
      assertThat(lookups.failures().map(Durations::count)).contains(1L);
      assertThat(lookups.p50()).hasValueSatisfying(p50 -> assertThat(p50).isBetween(1e-9, 1.0));
      assertThat(table.plugin()).contains("test");
      assertThat(table.opened()).isPresent();
      assertThat(table.approved()).isTrue();
    }
  }

  @Test
  void aFailedLookupIsTroubleUntilOneIsAnswered() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      client.ask(lookup("echo:x", "trouble"));
      TableStatus failed = table(daemon, "echo:x");
      assertThat(failed.isReady()).isFalse();
      assertThat(failed.trouble()).contains("no answer today");
      client.ask(lookup("echo:x", "a"));
      TableStatus answered = table(daemon, "echo:x");
      assertThat(answered.isReady()).isTrue();
      assertThat(answered.lastError().map(TableStatus.ErrorStatus::reason))
          .contains("no answer today");
    }
  }

  @Test
  void aTableThatCannotBeOpenedSaysWhy() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      client.ask(lookup(daemon.file(), "a"));
      TableStatus table = table(daemon, daemon.file());
      assertThat(table.state()).isEqualTo(TableStatus.State.UNAVAILABLE);
      assertThat(table.trouble()).hasValueSatisfying(why -> assertThat(why).startsWith("open /"));
      assertThat(table.opened()).isEmpty();
    }
  }

  @Test
  void aPartOfATableIsShownToo() throws Exception {
    Files.writeString(directory.resolve("table"), "content");
    try (RunningDaemon daemon =
            new RunningDaemon(
                directory, "proxy_read_maps", "proxy:pair:file:" + directory + "/table");
        RawClient client = daemon.client()) {
      client.ask(lookup("pair:" + daemon.file(), "a"));
      assertThat(table(daemon, "pair:" + daemon.file()).approved()).isTrue();
      assertThat(table(daemon, daemon.file()))
          .returns(false, TableStatus::approved)
          .returns(TableStatus.State.OPEN, TableStatus::state)
          .returns(List.of(), TableStatus::requests);
    }
  }

  @Test
  void aRequestThatWaitsForABackendIsCountedWhenItIsAnsweredWithTheWait() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient first = daemon.client();
        RawClient second = daemon.client();
        RawClient third = daemon.client();
        RawClient fourth = daemon.client()) {
      first.send(lookup("slow:x", "a"));
      second.send(lookup("slow:x", "b"));
      Patience.until(() -> daemon.tables.lookups.get() == 2);
      third.send(lookup("slow:x", "c"));
      fourth.send(lookup("slow:x", "c"));
      Patience.until(
          () -> daemon.status().backends().stream().anyMatch(backend -> backend.queued() == 1));
      BackendStatus busy = daemon.status().backends().getFirst();
      assertThat(busy).isEqualTo(new BackendStatus("slow", 2, 2, 1, 1000, 0, 0, 0));
      assertThat(table(daemon, "slow:x").requests()).isEmpty();
      Thread.sleep(20); // the wait that is to be seen in the sum
      daemon.tables.gate.release(3);
      for (RawClient client : List.of(first, second, third, fourth)) {
        client.receive();
      }
      RequestStatus lookups = requests(daemon, "slow:x");
      assertThat(lookups.outcomes()).isEqualTo(Map.of(Status.OK, 4L));
      assertThat(lookups.durations().sum()).isGreaterThan(0.06);
      assertThat(table(daemon, "slow:x").backend()).contains("slow");
      Patience.until(
          () -> daemon.status().backends().stream().anyMatch(backend -> backend.done() == 3));
    }
  }

  @Test
  void aRequestThatIsGivenUpIsCountedOnce() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_lookup_timeout", "1s");
        RawClient client = daemon.client()) {
      client.ask(lookup("slow:x", "a"));
      daemon.tables.gate.release();
      Patience.until(
          () -> daemon.status().backends().stream().anyMatch(backend -> backend.done() == 1));
      RequestStatus lookups = requests(daemon, "slow:x");
      assertThat(lookups.outcomes()).isEqualTo(Map.of(Status.RETRY, 1L));
      assertThat(lookups.failures().orElseThrow().sum()).isBetween(1.0, 10.0);
      assertThat(table(daemon, "slow:x").lastError().map(TableStatus.ErrorStatus::reason))
          .contains("no answer within postern_lookup_timeout");
    }
  }

  @Test
  void whatFindsAQueueFullIsCountedThere() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_backend_queue_limit", "1")) {
      RawClient[] clients = new RawClient[4];
      for (int i = 0; i < 3; i++) {
        clients[i] = daemon.client();
        clients[i].send(lookup("slow:x", "k" + i));
      }
      Patience.until(
          () -> daemon.status().backends().stream().anyMatch(backend -> backend.queued() == 1));
      clients[3] = daemon.client();
      clients[3].ask(lookup("slow:x", "k3"));
      assertThat(daemon.status().backends().getFirst().refused()).isEqualTo(1);
      assertThat(requests(daemon, "slow:x").outcomes()).isEqualTo(Map.of(Status.RETRY, 1L));
      daemon.tables.gate.release(3);
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void denialsHaveTheLinesOfTheLog() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      client.ask(lookup("proxy:hash:/etc/secret", "a"));
      client.ask(lookup("hash:/etc/secret", "a"));
      client.ask("request|update|table|echo:x|flags|64|key|k|value|v||");
      List<DenialStatus> denials = daemon.status().denials();
      assertThat(denials)
          .extracting(DenialStatus::problem, DenialStatus::remedy, DenialStatus::count)
          .containsExactly(
              tuple(
                  "refusing echo:x update request on non-proxywrite service",
                  "set proxywrite_service_name in main.cf",
                  1L),
              tuple(
                  "request for unapproved table: \"hash:/etc/secret\"",
                  "to approve this table for read-only access, list proxy:hash:/etc/secret in"
                      + " -o proxy_read_maps=",
                  2L));
      assertThat(daemon.log.lines())
          .containsAll(denials.stream().map(denial -> "WARN " + denial.problem()).toList());
    }
  }

  @Test
  void clientsBytesAndNonsenseAreCounted() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      String request = lookup("echo:x", "a");
      String reply = client.ask(request);
      client.ask("request|nonsense||");
      client.ask(lookup("nocolon", "a"));
      RawClient gone = daemon.client();
      gone.close();
      Patience.until(() -> daemon.status().clients().present() == 1);
      StatusReport report = daemon.status();
      assertThat(report.clients().total()).isEqualTo(2);
      assertThat(report.clients().receivedBytes()).isGreaterThan(request.length());
      assertThat(report.clients().sentBytes()).isGreaterThan(reply.length());
      assertThat(report.services())
          .extracting(ServiceStatus::name, ServiceStatus::malformed)
          .containsExactly(tuple("proxymap", 2L), tuple("proxywrite", 0L));
    }
  }

  @Test
  void reloadsAreCounted() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory)) {
      daemon.reload("proxy_write_maps", "proxy:echo:y");
      assertThat(daemon.status().reloads().ok()).isEqualTo(1);
      assertThatThrownBy(() -> daemon.reload("proxy_read_maps", "${"))
          .isInstanceOf(ConfigurationException.class);
      assertThat(daemon.status().reloads().failed()).isEqualTo(1);
      assertThat(daemon.status().reloads().mistake()).isPresent();
    }
  }

  @Test
  void jsonHoldsAllOfIt() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      client.ask(lookup("echo:x", "trouble"));
      client.ask(lookup("hash:<script>", "a"));
      daemon.tables.gate.release();
      client.ask(lookup("slow:x", "a"));
      StatusReport report = daemon.status();
      byte[] json = json(report);
      assertThat(new String(json, StandardCharsets.UTF_8))
          .contains("\"duration_bounds\"", "\"outcomes\" : {", "\"retry\" : 1", "\"not_asked\"");
      assertThat(StatusReport.readJson(new ByteArrayInputStream(json))).isEqualTo(report);
    }
  }

  @Test
  void whatIsNoStatusIsAnError() {
    for (String text : List.of("", "[]", "{}", "{\"version\": 3", "x")) {
      byte[] json = text.getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> StatusReport.readJson(new ByteArrayInputStream(json)))
          .isInstanceOf(IOException.class);
    }
  }

  private static byte[] json(StatusReport report) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    report.writeJson(out);
    return out.toByteArray();
  }
}
