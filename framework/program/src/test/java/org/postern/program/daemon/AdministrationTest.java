package org.postern.program.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.host.service.Explained;
import org.postern.operations.admin.AdminException;
import org.postern.operations.admin.AdminRequest;
import org.postern.operations.status.StatusReport;
import org.postern.program.log.LogSetup;

/** What operators ask, and get. */
@Timeout(60)
class AdministrationTest {
  @TempDir Path directory;

  private static AdminRequest level(String level) {
    return new AdminRequest(
        "log-level",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(level));
  }

  private static AdminRequest explain(String service, String table) {
    return new AdminRequest(
        "explain",
        Optional.of(service),
        Optional.of(table),
        Optional.of("key"),
        Optional.empty(),
        Optional.empty());
  }

  private static Administration of(RunningDaemon daemon, Map<String, String> next) {
    Configuration now = Configuration.of(daemon.settings());
    return new Administration(
        daemon.daemon(), new Reloading(daemon.daemon(), now, () -> Configuration.of(next)));
  }

  @Test
  void aReloadSaysWhatHasChangedAndNoValues() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "x_password", "secret")) {
      Map<String, String> next = new HashMap<>(daemon.settings());
      next.put("proxy_read_maps", "proxy:echo:x proxy:echo:y");
      next.put("postern_connection_limit", "7");
      next.remove("x_password");
      Administration administration = of(daemon, next);
      Reloaded reloaded = (Reloaded) administration.answer(AdminRequest.of("reload"));
      assertThat(reloaded.parameters())
          .containsExactly(
              "postern_connection_limit (-o)",
              "proxy_read_maps (-o)",
              "x_password (not set any more)");
      assertThat(reloaded.tables())
          .contains(
              "echo:y is approved now, for proxymap", "slow:x is no longer approved, for proxymap")
          .noneMatch(line -> line.contains("echo:x"));
      assertThat(reloaded.atNextStart()).containsExactly("postern_connection_limit");
      assertThat(reloaded.toString()).doesNotContain("secret");
      Reloaded again = (Reloaded) administration.answer(AdminRequest.of("reload"));
      assertThat(again.parameters()).isEmpty();
      assertThat(again.tables()).isEmpty();
      assertThat(daemon.status().reloads().ok()).isEqualTo(2);
    }
  }

  @Test
  void aReloadWithAMistakeChangesNothing() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory)) {
      Configuration now = Configuration.of(daemon.settings());
      Administration administration =
          new Administration(
              daemon.daemon(),
              new Reloading(
                  daemon.daemon(),
                  now,
                  () -> {
                    throw new ConfigurationException("main.cf, line 1: a mistake");
                  }));
      assertThatThrownBy(() -> administration.answer(AdminRequest.of("reload")))
          .isInstanceOf(AdminException.class)
          .hasMessage("the configuration stays as it was: main.cf, line 1: a mistake");
      assertThat(daemon.status().reloads().failed()).isOne();
      assertThat(daemon.log.lines()).anyMatch(line -> line.contains("stays as it was"));
    }
  }

  @Test
  void theLogLevelIsShownAndSet() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory)) {
      Administration administration = of(daemon, daemon.settings());
      int before = LogSetup.verbosity();
      try {
        LogSetup.verbosity(0);
        assertThat(administration.answer(AdminRequest.of("log-level")))
            .isEqualTo(new LogLevel("info", Optional.empty()));
        assertThat(administration.answer(level("trace")))
            .isEqualTo(new LogLevel("trace", Optional.of("info")));
        assertThat(administration.answer(level("1")))
            .isEqualTo(new LogLevel("debug", Optional.of("trace")));
        assertThatThrownBy(() -> administration.answer(level("loud")))
            .hasMessage("no such level: loud; there are info, debug and trace");
        assertThat(LogSetup.verbosity()).isOne();
      } finally {
        LogSetup.verbosity(before);
      }
    }
  }

  @Test
  void theOtherCommands() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory)) {
      Administration administration = of(daemon, daemon.settings());
      assertThat(administration.answer(AdminRequest.of("status"))).isInstanceOf(StatusReport.class);
      assertThat(administration.answer(explain("proxywrite", "echo:x")))
          .isInstanceOf(Explained.class);
      assertThatThrownBy(() -> administration.answer(explain("nothing", "echo:x")))
          .hasMessage("no such service: nothing");
      assertThatThrownBy(() -> administration.answer(AdminRequest.of("explain")))
          .hasMessage("which table?");
      assertThatThrownBy(() -> administration.answer(AdminRequest.of("dance")))
          .hasMessageStartingWith("unknown command: dance");
    }
  }
}
