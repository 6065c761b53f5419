package org.postern.driver.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.postern.testkit.TestCertificates.Holder.AUTHORITY;
import static org.postern.testkit.TestCertificates.Holder.CLIENT;
import static org.postern.testkit.TestCertificates.Holder.EXPIRED;
import static org.postern.testkit.TestCertificates.Holder.OTHER_NAME;
import static org.postern.testkit.TestCertificates.Holder.SERVER;
import static org.postern.testkit.TestCertificates.Holder.STRANGER;

import com.unboundid.ldap.listener.InMemoryListenerConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.Table;
import org.postern.testkit.Patience;
import org.postern.testkit.TestCertificates;
import org.postern.testkit.TestOpening;

/** TLS to the server, and each way in which it can fail: RETRY, and the log says what to mend. */
final class TlsTest {
  @TempDir private static Path shared;
  private static TestCertificates certificates;

  @TempDir private Path directory;

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = TestCertificates.make(shared);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldaps", "starttls"})
  void aServerThatProvesWhoItIsIsAsked(String how) throws Exception {
    assertThat(ask(how, SERVER, "tls_require_cert = yes", ca(AUTHORITY)))
        .isEqualTo("bob@host.example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldaps", "starttls"})
  void withoutRequireCertAnyCertificateWillDo(String how) throws Exception {
    assertThat(ask(how, EXPIRED)).isEqualTo("bob@host.example.com");
    assertThat(ask(how, OTHER_NAME, ca(STRANGER))).isEqualTo("bob@host.example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldaps", "starttls"})
  void anExpiredCertificateIsRefused(String how) throws Exception {
    assertThat(ask(how, EXPIRED, "tls_require_cert = yes", ca(AUTHORITY)))
        .startsWith("retry: ")
        .contains("the server's certificate has expired");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldaps", "starttls"})
  void aCertificateFromSomebodyElseIsRefused(String how) throws Exception {
    assertThat(ask(how, SERVER, "tls_require_cert = yes", ca(STRANGER)))
        .startsWith("retry: ")
        .contains("an authority that is not in tls_ca_cert_file or tls_ca_cert_dir");
    assertThat(ask(how, SERVER, "tls_require_cert = yes")).startsWith("retry: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldaps", "starttls"})
  void aCertificateForAnotherNameIsRefused(String how) throws Exception {
    assertThat(ask(how, OTHER_NAME, "tls_require_cert = yes", ca(AUTHORITY)))
        .startsWith("retry: ")
        .contains("the server's certificate is for another name: No")
        .contains("127.0.0.1");
    String byName = how.equals("ldaps") ? "ldaps://localhost:@PORT@" : "localhost:@PORT@";
    assertThat(
            ask(
                how,
                OTHER_NAME,
                "tls_require_cert = yes",
                ca(AUTHORITY),
                "server_host = " + byName))
        .contains("the server's certificate is for another name: No")
        .contains("localhost");
  }

  @Test
  void aServerWithoutStartTlsIsNotAskedInTheClear() throws Exception {
    try (TestDirectory people = TestDirectory.start();
        TestOpening opening = people.table(directory, "start_tls = yes")) {
      assertThat(LdapTableTest.text(opening.open(new LdapDriver()), "bob@example.com"))
          .startsWith("retry: Unable to set STARTTLS");
      assertThat(opening.warnings()).hasSize(1);
      opening.assertWarnings(opening.warnings().getFirst());
    }
  }

  @Test
  void aPlainServerDoesNotPassForOneWithTls() throws Exception {
    try (TestDirectory people = TestDirectory.start();
        TestOpening opening =
            TestDirectory.tableAt(directory, "server_host = ldaps://127.0.0.1:" + people.port())) {
      assertThat(LdapTableTest.text(opening.open(new LdapDriver()), "bob@example.com"))
          .startsWith("retry: Can't contact LDAP server ldaps://127.0.0.1:" + people.port());
      opening.assertWarnings(opening.warnings().getFirst());
    }
  }

  @Test
  void aDirectoryOfAuthoritiesIsReadAsCRehashNamesThem() throws Exception {
    Path authorities = Files.createDirectory(directory.resolve("authorities"));
    Files.copy(certificates.certificate(STRANGER), authorities.resolve("0a1b2c3d.0"));
    Files.copy(certificates.certificate(AUTHORITY), authorities.resolve("0a1b2c3d.1"));
    Files.writeString(authorities.resolve("README"), "not a certificate");
    assertThat(ask("ldaps", SERVER, "tls_require_cert = yes", "tls_ca_cert_dir = " + authorities))
        .isEqualTo("bob@host.example.com");
  }

  @Test
  void aCertificateOfOurOwnIsShown() throws Exception {
    assertThat(
            ask(
                "starttls",
                SERVER,
                "tls_cert = " + certificates.certificate(CLIENT),
                "tls_key = " + certificates.key(CLIENT)))
        .isEqualTo("bob@host.example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls_cert", "tls_ca_cert_file", "tls_ca_cert_dir"})
  void aFileThatIsNotThereIsNamed(String parameter) throws Exception {
    assertThat(ask("ldaps", SERVER, "tls_require_cert = yes", parameter + " = /no/such/file"))
        .startsWith("retry: ")
        .contains("Unable to set " + parameter)
        .contains("/no/such/file");
  }

  @Test
  void aRenewedAuthorityIsUsedForTheNextConnection() throws Exception {
    Path file = directory.resolve("ca.crt");
    Files.copy(certificates.certificate(STRANGER), file);
    try (TestDirectory people = start("ldaps", SERVER);
        TestOpening opening =
            opening(people, "ldaps", "tls_require_cert = yes", "tls_ca_cert_file = " + file)) {
      Table table = opening.open(new LdapDriver());
      assertThat(LdapTableTest.text(table, "bob@example.com")).startsWith("retry: ");
      Files.writeString(file, Files.readString(certificates.certificate(AUTHORITY)));
      Patience.until(
          () -> LdapTableTest.text(table, "bob@example.com").equals("bob@host.example.com"));
      opening.assertWarnings(opening.warnings().getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldaps", "starttls"})
  void aCertificateThatExpiresIsRetryUntilItIsRenewed(String how) throws Exception {
    int port = TestDirectory.freePort();
    TestDirectory people = start(how, SERVER, port);
    try (TestOpening opening = opening(people, how, "tls_require_cert = yes", ca(AUTHORITY))) {
      Table table = opening.open(new LdapDriver());
      assertThat(LdapTableTest.text(table, "bob@example.com")).isEqualTo("bob@host.example.com");
      people.close();
      people = start(how, EXPIRED, port);
      String expired = LdapTableTest.text(table, "bob@example.com");
      assertThat(expired).startsWith("retry: ").contains("the server's certificate has expired");
      people.close();
      people = start(how, SERVER, port);
      assertThat(
              Patience.until(() ->
                  LdapTableTest.text(table, "bob@example.com").equals("bob@host.example.com")))
          .isLessThan(1000);
      opening.assertWarnings(expired.substring("retry: ".length()));
    } finally {
      people.close();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ECDHE-RSA-AES256-GCM-SHA384",
        "TLS_AES_128_GCM_SHA256",
        "HIGH:!aNULL:!MD5",
        "NORMAL"
      })
  void ciphersCanBeNamed(String list) throws Exception {
    assertThat(ask("ldaps", SERVER, "tls_cipher_suite = " + list))
        .isEqualTo("bob@host.example.com");
  }

  @Test
  void ciphersThatAreUnknownAreNamed() throws Exception {
    assertThat(ask("ldaps", SERVER, "tls_cipher_suite = HIGH:NO-SUCH-CIPHER"))
        .startsWith("retry: Unable to set tls_cipher_suite to HIGH:NO-SUCH-CIPHER")
        .contains("unknown cipher suite NO-SUCH-CIPHER");
  }

  @Test
  void aServerThatIsSilentInTheMiddleOfTlsIsNotWaitedForForLong() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestOpening opening =
            TestDirectory.tableAt(
                directory,
                "server_host = ldaps://127.0.0.1:" + silent.getLocalPort(),
                "timeout = 1")) {
      Table table = opening.open(new LdapDriver());
      assertTimeoutPreemptively(
          Duration.ofSeconds(8),
          () -> assertThat(LdapTableTest.text(table, "bob@example.com")).startsWith("retry: "));
      opening.assertWarnings(opening.warnings().getFirst());
    }
  }

  private static String ca(TestCertificates.Holder holder) throws Exception {
    return "tls_ca_cert_file = " + certificates.certificate(holder);
  }

  /** One lookup on a server with such a certificate; the log must say what the answer says. */
  private String ask(String how, TestCertificates.Holder server, String... lines) throws Exception {
    try (TestDirectory people = start(how, server);
        TestOpening opening = opening(people, how, lines)) {
      String answer = LdapTableTest.text(opening.open(new LdapDriver()), "bob@example.com");
      if (answer.startsWith("retry: ")) {
        opening.assertWarnings(answer.substring("retry: ".length()));
      }
      return answer;
    }
  }

  private TestOpening opening(TestDirectory people, String how, String... lines) throws Exception {
    String host =
        how.equals("ldaps")
            ? "server_host = ldaps://127.0.0.1:" + people.port()
            : "server_host = 127.0.0.1:" + people.port() + "\nstart_tls = yes";
    String port = String.valueOf(people.port());
    String[] placed =
        Stream.of(lines).map(line -> line.replace("@PORT@", port)).toArray(String[]::new);
    return TestDirectory.tableAt(directory, host, placed);
  }

  private static TestDirectory start(String how, TestCertificates.Holder holder) throws Exception {
    return start(how, holder, 0);
  }

  private static TestDirectory start(String how, TestCertificates.Holder holder, int port)
      throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(certificates.keyStore(holder), TestCertificates.PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return TestDirectory.start(
        how.equals("ldaps")
            ? InMemoryListenerConfig.createLDAPSConfig(
                how, loopback, port, context.getServerSocketFactory(), null)
            : InMemoryListenerConfig.createLDAPConfig(
                how, loopback, port, context.getSocketFactory()));
  }
}
