package org.postern.program.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.wire.RawClient;

/** Tables that are made of tables. */
@Timeout(60)
class MembersTest {
  @TempDir Path directory;

  private RunningDaemon approving(String... tables) throws Exception {
    return new RunningDaemon(
        directory, "proxy_read_maps", "proxy:" + String.join(" proxy:", tables));
  }

  @Test
  void aMemberIsSharedWithClientsAndWithOtherTables() throws Exception {
    try (RunningDaemon daemon = approving("echo:x", "pair:echo:x", "pair:proxy:echo:x");
        RawClient client = daemon.client()) {
      assertThat(client.ask(lookup("pair:echo:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(client.ask(lookup("pair:proxy:echo:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(daemon.tables.opened).as("one echo, two pairs").hasValue(3);
    }
  }

  @Test
  void aMembersErrorNamesTheMember() throws Exception {
    try (RunningDaemon daemon = approving("pair:echo:x");
        RawClient client = daemon.client()) {
      assertThat(client.ask(lookup("pair:echo:x", "trouble"))).isEqualTo("status|2|value|||");
      assertThat(daemon.log.warnings())
          .containsExactly("WARN pair:echo:x: lookup error: echo:x: no answer today");
    }
  }

  @Test
  void aMemberThatCannotBeOpenedAnswersRetryUntilItCan() throws Exception {
    try (RunningDaemon daemon = approving("pair:file:" + directory + "/table");
        RawClient client = daemon.client()) {
      String pair = "pair:" + daemon.file();
      assertThat(client.ask(lookup(pair, "k"))).isEqualTo("status|2|value|||");
      daemon.log.await(
          "WARN %s: lookup error: %s is unavailable. open %s/table: No such file or directory"
              .formatted(pair, daemon.file(), directory));
      Files.writeString(directory.resolve("table"), "here");
      while (!client.ask(lookup(pair, "k")).equals("status|0|value|here||")) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aMemberOfNoTypeOrWithoutANameAnswersRetry() throws Exception {
    try (RunningDaemon daemon = approving("pair:gone:x", "pair:noname", "pair:echo:");
        RawClient client = daemon.client()) {
      assertThat(client.ask(lookup("pair:gone:x", "k"))).isEqualTo("status|2|value|||");
      assertThat(client.ask(lookup("pair:noname", "k"))).isEqualTo("status|2|value|||");
      assertThat(client.ask(lookup("pair:echo:", "k"))).isEqualTo("status|2|value|||");
      daemon.log.await(
          "WARN pair:noname: lookup error: noname is unavailable. open dictionary: expecting"
              + " \"type:name\" form instead of \"noname\"");
    }
  }

  @Test
  void aTableThatContainsItselfAnswersRetryAndSaysSo() throws Exception {
    try (RunningDaemon daemon = approving("self:x", "pair:self:x");
        RawClient client = daemon.client()) {
      String complaint = "self:x is unavailable. it has itself as a member";
      assertThat(client.ask(lookup("self:x", "k"))).isEqualTo("status|2|value|||");
      daemon.log.await("WARN self:x: lookup error: " + complaint);
      assertThat(client.ask(lookup("pair:self:x", "k"))).isEqualTo("status|2|value|||");
      daemon.log.await("WARN pair:self:x: lookup error: self:x: " + complaint);
    }
  }

  @Test
  void tablesMayBeNestedDeeplyButNotWithoutEnd() throws Exception {
    String allowed = "pair:".repeat(100) + "echo:x";
    String tooDeep = "pair:".repeat(101) + "echo:y";
    try (RunningDaemon daemon = approving(allowed, tooDeep);
        RawClient client = daemon.client()) {
      assertThat(client.ask(lookup(allowed, "k"))).isEqualTo("status|0|value|k||");
      assertThat(client.ask(lookup(tooDeep, "k"))).isEqualTo("status|2|value|||");
      // Two that are opened at once may both see it.
      assertThat(daemon.log.warnings())
          .isNotEmpty()
          .allSatisfy(warning ->
              assertThat(warning)
                  .endsWith("echo:y is unavailable. tables are nested more than 100 deep"));
    }
  }

  @Test
  void eachMemberAppliesTheRulesForTextByItself() throws Exception {
    try (RunningDaemon daemon = approving("pair:echo:x");
        RawClient client = daemon.client()) {
      String ask = "request|lookup|table|pair:echo:x|flags|%d|key|%s||";
      assertThat(client.ask(ask.formatted(16384, "KEY"))).isEqualTo("status|0|value|key||");
      assertThat(client.ask(ask.formatted(0, "KEY"))).isEqualTo("status|0|value|KEY||");
      assertThat(client.ask(ask.formatted(0, "latin1"))).isEqualTo("status|0|value|\u00e4||");
      assertThat(client.ask(ask.formatted(524288, "latin1"))).isEqualTo("status|5|value|||");
      assertThat(daemon.log.warnings())
          .containsExactly(
              "WARN pair:echo:x: lookup error: echo:x: key \"latin1\": non-UTF-8 value \"?\":"
                  + " malformed UTF-8 or invalid codepoint");
    }
  }

  @Test
  void aMemberGoesWithTheLastTableThatHasItUnlessClientsMayAskIt() throws Exception {
    try (RunningDaemon daemon = approving("pair:echo:x", "pair:echo:y", "echo:y", "echo:z");
        RawClient client = daemon.client()) {
      assertThat(client.ask(lookup("pair:echo:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(client.ask(lookup("pair:echo:y", "k"))).isEqualTo("status|0|value|k||");
      daemon.reconfigure("proxy_read_maps", "proxy:echo:y proxy:echo:z");
      while (daemon.tables.closed.get() < 1) {
        assertThat(client.ask(lookup("echo:z", "k"))).isEqualTo("status|0|value|k||");
      }
      assertThat(client.ask(lookup("echo:y", "k"))).isEqualTo("status|0|value|k||");
    }
  }
}
