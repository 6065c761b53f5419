package org.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The defaults that Postern carries, and those of the Postfix that is installed. */
class PostfixDefaultsTest {
  private static final List<String> LISTS = List.of("proxy_read_maps", "proxy_write_maps");

  /** The same in every release from 3.7 on, however Postfix was built. */
  private static final List<String> SETTLED =
      List.of(
          "local_recipient_maps",
          "mydestination",
          "relay_domains",
          "smtpd_relay_restrictions",
          "virtual_alias_maps",
          "virtual_alias_domains",
          "transport_maps",
          "mime_header_checks",
          "proxy_write_maps",
          "mail_owner",
          "ipc_timeout",
          "proxymap_service_name",
          "proxywrite_service_name",
          "smtputf8_enable",
          "mynetworks_style",
          "compatibility_level");

  @TempDir Path directory;

  @Test
  void theListsNameAllThatTheInstalledPostfixNames() throws IOException {
    Postconf postconf = Postconf.installed();
    Files.createFile(directory.resolve("main.cf"));
    for (String list : LISTS) {
      String real = postconf.values(directory, "-dh", List.of(list)).getFirst();
      assertThat(words(PostfixDefaults.builtIn().getOrDefault(list, ""))).containsAll(words(real));
    }
  }

  @Test
  void defaultsThatHaveNotChangedAreThoseOfTheInstalledPostfix() throws IOException {
    Postconf postconf = Postconf.installed();
    Files.createFile(directory.resolve("main.cf"));
    List<String> carried = new ArrayList<>();
    for (String name : SETTLED) {
      carried.add(PostfixDefaults.builtIn().getOrDefault(name, "(none)"));
    }
    assertThat(carried).isEqualTo(postconf.values(directory, "-dh", SETTLED));
  }

  @Test
  void theHostsNameIsWhatPostfixFindsOut() throws IOException {
    Postconf postconf = Postconf.installed();
    Files.createFile(directory.resolve("main.cf"));
    Configuration configuration = Configuration.of(Map.of());
    assertThat(
            List.of(
                configuration.get("myhostname").orElse("(none)"),
                configuration.get("mydomain").orElse("(none)")))
        .isEqualTo(postconf.values(directory, "-xh", List.of("myhostname", "mydomain")));
  }

  @Test
  void whatThisPostfixWasBuiltWithComesFromPostconf() throws IOException {
    Postconf postconf = Postconf.installed();
    Files.createFile(directory.resolve("main.cf"));
    Map<String, String> installed = InstalledPostfix.defaults();
    assertThat(installed).containsKeys("config_directory", "default_database_type");
    assertThat(
            Configuration.read(directory, Map.of(), installed)
                .get("daemon_directory")
                .orElseThrow())
        .isEqualTo(postconf.values(directory, "-dh", List.of("daemon_directory")).getFirst());
  }

  @Test
  void everyParameterThatTheListsReferToHasADefault() {
    // These have none in Postfix either; mynetworks is made of the network interfaces.
    Set<String> without =
        Set.of(
            "virtual_maps",
            "tlsproxy_client_policy",
            "postscreen_whitelist_interfaces",
            "smtpd_client_connection_limit_exceptions",
            "authorized_verp_clients",
            "mynetworks");
    for (String list : LISTS) {
      for (String word : words(PostfixDefaults.builtIn().getOrDefault(list, ""))) {
        String name = word.substring(1);
        assertThat(PostfixDefaults.builtIn().containsKey(name) || without.contains(name))
            .as(name)
            .isTrue();
      }
    }
  }

  private static Set<String> words(String value) {
    return new TreeSet<>(Arrays.asList(value.split(" ", -1)));
  }
}
