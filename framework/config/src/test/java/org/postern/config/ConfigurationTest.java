package org.postern.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  @TempDir Path directory;

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content, UTF_8);
  }

  private Configuration read() {
    return Configuration.read(directory, Map.of());
  }

  @Test
  void laterSourcesOverrideEarlierOnes() throws IOException {
    write("main.cf", "a = main\nb = main\nc = main\n");
    write("postern.cf", "\nb = postern\nc = postern\n");
    Configuration configuration = Configuration.read(directory, Map.of("c", "command"));
    assertThat(configuration.get("a")).contains("main");
    assertThat(configuration.get("b")).contains("postern");
    assertThat(configuration.get("c")).contains("command");
    assertThat(configuration.origin("a")).contains(origin("main.cf", 1));
    assertThat(configuration.origin("b")).contains(origin("postern.cf", 2));
    assertThat(configuration.origin("c")).contains(new Origin.CommandLine());
    assertThat(configuration.origin("ipc_timeout")).contains(new Origin.Default());
    assertThat(configuration.get("nosuch")).isEmpty();
    assertThat(configuration.origin("nosuch")).isEmpty();
    assertThat(configuration.warnings()).isEmpty();
  }

  private Origin origin(String file, int line) {
    return new Origin.InFile(directory.resolve(file), line);
  }

  @Test
  void referencesSeeTheSettingsOfAllSources() throws IOException {
    write("main.cf", "a = $b\n");
    write("postern.cf", "b = $config_directory\n");
    assertThat(read().get("a")).contains(directory.toString());
    assertThat(Configuration.read(directory, Map.of("b", "x")).get("a")).contains("x");
  }

  @Test
  void oneOfTheFilesIsEnough() throws IOException {
    write("postern.cf", "a = b\n");
    assertThat(read().get("a")).contains("b");
    Files.delete(directory.resolve("postern.cf"));
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(this::read)
        .withMessageStartingWith("open " + directory + "/main.cf: No such file or directory; ");
  }

  @Test
  void aFileThatIsNoFileIsRefused() throws IOException {
    Files.createDirectory(directory.resolve("main.cf"));
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(this::read)
        .withMessage("open " + directory + "/main.cf: Is a directory");
  }

  @Test
  void noFileIsNeededForADemonstration() {
    Configuration configuration =
        Configuration.of(Map.of("queue_directory", "/tmp/q", "a", "$queue_directory/x"));
    assertThat(configuration.get("a")).contains("/tmp/q/x");
    assertThat(configuration.queueDirectory()).isEqualTo(Path.of("/tmp/q"));
    assertThat(configuration.configDirectory()).isEqualTo(Path.of("/etc/postfix"));
  }

  @Test
  void valuesAreTyped() {
    Configuration configuration = Configuration.of(Map.of("ipc_timeout", "2m", "x", "7"));
    assertThat(configuration.bool("postern_announce_protocol")).isTrue();
    assertThat(configuration.integer("postern_connection_limit")).isEqualTo(10000);
    assertThat(configuration.size("postern_request_size_limit")).isEqualTo(4 << 20);
    assertThat(configuration.time("ipc_timeout")).isEqualTo(Duration.ofMinutes(2));
    assertThat(configuration.time("x")).isEqualTo(Duration.ofSeconds(7));
    assertThat(configuration.path("postern_proxymap_socket"))
        .contains(Path.of("private/postern-proxymap"));
    assertThat(configuration.path("postern_plugin_directory")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"90, 90", "90s, 90", "2m, 120", "1h, 3600", "1d, 86400", "1w, 604800", "10sec, 10"})
  void timesHaveUnits(String value, int seconds) {
    assertThat(
            Configuration.of(Map.of("postern_request_timeout", value))
                .time("postern_request_timeout"))
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postern_announce_protocol|perhaps|bad boolean value: \"perhaps\"; write yes or no",
        "postern_connection_limit|many|bad numerical value: \"many\"; write a whole number from 1 to 2147483647",
        "postern_connection_limit|2147483648|bad numerical value: \"2147483648\"; write a whole number from 1 to 2147483647",
        "postern_connection_limit|0|value too small: 0 (min 1)",
        "postern_attribute_size_limit|-1|bad numerical value: \"-1\"; write a whole number from 1 to 9223372036854775807",
        "postern_lookup_timeout|10x|bad time value or unit: \"10x\"; write a whole number and s, m, h, d or w, such as 10s",
        "postern_lookup_timeout|s|bad time value or unit: \"s\"; write a whole number and s, m, h, d or w, such as 10s",
        "postern_lookup_timeout|4000w|bad time value or unit: \"4000w\"; write a whole number and s, m, h, d or w, such as 10s",
        "postern_lookup_timeout|0|value too small: 0 (min 1s)",
        "ipc_timeout|0|value too small: 0 (min 1s)",
        "queue_directory|spool|not an absolute path: \"spool\"",
        "postern_event_loops|${a|truncated macro reference: \"${a\"",
      })
  void aBadValueIsRefusedWhenItIsRead(String name, String value, String reason) throws IOException {
    write("main.cf", "\n" + name + " = " + value + "\n");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(this::read)
        .withMessage(directory + "/main.cf, line 2: parameter " + name + ": " + reason);
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1:9798,127.0.0.1", "localhost:1,localhost", "[::1]:65535,::1"})
  void anAddressHasAHostAndAPort(String value, String host) {
    Configuration configuration = Configuration.of(Map.of("postern_http_listen", value));
    assertThat(configuration.address("postern_http_listen"))
        .hasValueSatisfying(address -> {
          assertThat(address.getHostString()).isEqualTo(host);
          assertThat(address.isUnresolved()).isTrue();
        });
  }

  @Test
  void noAddressIsNone() {
    assertThat(Configuration.of(Map.of()).address("postern_http_listen")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {":9798", "9798", "localhost", "localhost:", "a:0", "a:65536", "::1:80", "[]:80"})
  void anAddressWithoutHostOrPortIsRefusedWithWhatToWrite(String value) {
    Map<String, String> settings = Map.of("postern_http_listen", value);
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> Configuration.of(settings))
        .withMessageContaining("parameter postern_http_listen: bad address: \"" + value + "\"")
        .withMessageContaining("127.0.0.1:9798");
  }

  @Test
  void aMisspelledParameterIsWarnedOf() throws IOException {
    write("main.cf", "postern_own = x\na = $postern_own\n");
    write("postern.cf", "postern_conection_limit = 5\n");
    assertThat(read().warnings())
        .containsExactly(
            directory
                + "/postern.cf, line 1: unknown parameter: postern_conection_limit; did you mean"
                + " postern_connection_limit?");
  }

  @Test
  void driversSeeText() throws IOException {
    write("main.cf", "a = b\u00fccher\nb\u00fccher = $a\n");
    assertThat(read().get("a")).contains("b\u00c3\u00bccher");
    assertThat(read().parameters().get("a")).contains("b\u00fccher");
    assertThat(read().parameters().get("b\u00fccher")).contains("b\u00fccher");
  }

  @Test
  void theHostsNameIsCompletedAsPostfixDoes() {
    Configuration bare = Configuration.of(Map.of());
    assertThat(bare.get("myhostname").orElseThrow()).contains(".");
    assertThat(bare.get("mydestination"))
        .contains(
            bare.get("myhostname").orElseThrow()
                + ", localhost."
                + bare.get("mydomain").orElseThrow()
                + ", localhost");
    assertThat(Configuration.of(Map.of("myhostname", "mail.example.com")).get("mydomain"))
        .contains("example.com");
    assertThat(Configuration.of(Map.of("myhostname", "mail")).get("mydomain"))
        .contains("localdomain");
  }
}
