package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.TestCertificates;
import org.postern.testkit.TestCertificates.Holder;
import org.postern.testkit.TestOpening;
import org.postern.testservers.MariaDb;
import org.postern.testservers.Postgres;
import org.postern.testservers.TestServer;

/** TLS to a server, and what is said for each way in which it can fail. */
@Timeout(120)
class TlsTest {
  private static final String QUERY = "query = SELECT target FROM alias WHERE address = '%s'\n";

  @TempDir static Path directory;

  private static TestCertificates certificates;
  private static MariaDb mariaDb;
  private static Postgres postgres;

  @TempDir Path tables;

  @BeforeAll
  static void start() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    certificates = TestCertificates.make(directory);
    present(Holder.SERVER);
    Path authority = certificates.certificate(Holder.AUTHORITY);
    mariaDb =
        new MariaDb(
            "--ssl-ca=" + authority, "--ssl-cert=" + served("crt"), "--ssl-key=" + served("key"));
    mariaDb.execute(
        "INSERT INTO mail.alias VALUES ('k','v',1,NULL)",
        "CREATE USER certified@'%' IDENTIFIED BY 's3cr3t' REQUIRE X509",
        "GRANT ALL ON mail.* TO certified@'%'",
        "CREATE USER certified@localhost IDENTIFIED BY 's3cr3t' REQUIRE X509",
        "GRANT ALL ON mail.* TO certified@localhost");
    postgres =
        new Postgres(
            "ssl=on",
            "ssl_ca_file=" + authority,
            "ssl_cert_file=" + served("crt"),
            "ssl_key_file=" + served("key"));
    postgres.putBefore(
        "pg_hba.conf",
        "hostssl mail certified 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n"
            + "host mail certified 127.0.0.1/32 reject");
    postgres.execute(
        "INSERT INTO alias VALUES ('k','v',1,NULL)",
        "CREATE ROLE certified LOGIN PASSWORD 's3cr3t'",
        "GRANT ALL ON alias TO certified");
  }

  @AfterAll
  static void end() throws IOException {
    mariaDb.close();
    postgres.close();
  }

  private static Path served(String suffix) {
    return directory.resolve("served." + suffix);
  }

  /** Has both servers use the holder's certificate from their next start or reload on. */
  private static void present(Holder holder) throws Exception {
    Files.copy(
        certificates.certificate(holder), served("crt"), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(certificates.key(holder), served("key"), StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(served("key"), PosixFilePermissions.fromString("rw-------"));
  }

  private static void serve(Holder holder) throws Exception {
    present(holder);
    mariaDb.execute("FLUSH SSL");
    postgres.reload();
  }

  /** What verifies a server by this authority, and if it is so, by its name. */
  private static String config(String maptype, Holder authority, boolean name) throws Exception {
    Path file = certificates.certificate(authority);
    return maptype.equals("mysql")
        ? mariaDb.config() + "tls_CAfile = %s\ntls_verify_cert = %s\n".formatted(file, yes(name))
        : uri("mail", (name ? "verify-full" : "verify-ca") + "&sslrootcert=" + file);
  }

  private static String uri(String user, String tls) {
    return "dbname = mail\nhosts = postgresql://%s:s3cr3t@127.0.0.1:%d/mail?sslmode=%s\n"
        .formatted(user, postgres.port(), tls);
  }

  private static String yes(boolean is) {
    return is ? "yes" : "no";
  }

  private void assertServed(String maptype, String config) throws Exception {
    SqlTables sql = new SqlTables(maptype, tables);
    try (TestOpening opening = sql.opening(config + QUERY)) {
      Table table = opening.open(sql.driver);
      assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("v"));
      assertThat(table.describe().toString()).containsPattern("with TLS[v,]");
    }
  }

  private void assertRefused(String maptype, String config, String... words) throws Exception {
    SqlTables sql = new SqlTables(maptype, tables);
    TestOpening opening = sql.opening(config + QUERY);
    Table table = opening.open(sql.driver);
    assertThat(SqlTables.lookup(table, "k"))
        .isInstanceOfSatisfying(
            Retry.class,
            retry ->
                assertThat(retry.reason())
                    .startsWith("connect to " + maptype + " server ")
                    .contains(words)
                    .doesNotContain("s3cr3t"));
    assertThat(opening.log().toString()).contains(words).doesNotContain("s3cr3t");
    table.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void aServerThatIsWhoItShouldBeIsAsked(String maptype) throws Exception {
    serve(Holder.SERVER);
    for (boolean name : List.of(false, true)) {
      assertServed(maptype, config(maptype, Holder.AUTHORITY, name));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void oneThatAnotherAuthorityVouchesForIsNot(String maptype) throws Exception {
    serve(Holder.SERVER);
    for (boolean name : List.of(false, true)) {
      assertRefused(
          maptype,
          config(maptype, Holder.STRANGER, name),
          "TLS: the server's certificate is signed by none of the authorities");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void oneWhoseCertificateHasExpiredIsNot(String maptype) throws Exception {
    serve(Holder.EXPIRED);
    for (boolean name : List.of(false, true)) {
      assertRefused(
          maptype,
          config(maptype, Holder.AUTHORITY, name),
          "TLS: the server's certificate is no longer valid: NotAfter");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void oneWithAnotherNameIsNotWhenNamesAreVerified(String maptype) throws Exception {
    serve(Holder.OTHER_NAME);
    assertServed(maptype, config(maptype, Holder.AUTHORITY, false));
    assertRefused(
        maptype,
        config(maptype, Holder.AUTHORITY, true),
        "TLS: the server's certificate is for another name than 127.0.0.1");
  }

  @Test
  void aCertificateOfOurOwnIsShownToMysql() throws Exception {
    serve(Holder.SERVER);
    String config =
        config("mysql", Holder.AUTHORITY, true).replace("user = mail", "user = certified");
    assertRefused("mysql", config, "Access denied");
    assertServed(
        "mysql",
        config
            + "tls_cert_file = %s\ntls_key_file = %s\n"
                .formatted(
                    certificates.certificate(Holder.CLIENT), certificates.key(Holder.CLIENT)));
  }

  @Test
  void aCertificateOfOurOwnIsShownToPostgresql() throws Exception {
    serve(Holder.SERVER);
    String tls = "verify-full&sslrootcert=" + certificates.certificate(Holder.AUTHORITY);
    Path key = certificates.key(Holder.CLIENT);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    assertRefused("pgsql", uri("certified", tls), "valid client certificate");
    assertServed(
        "pgsql",
        uri(
            "certified",
            "%s&sslcert=%s&sslkey=%s"
                .formatted(tls, certificates.certificate(Holder.CLIENT), key)));
  }

  @Test
  void aServerWithoutTlsIsNotAskedWhenTlsIsWanted() throws Exception {
    assertRefused(
        "mysql",
        MariaDb.shared().config()
            + "tls_CAfile = %s\n".formatted(certificates.certificate(Holder.AUTHORITY)),
        "TLS: the server has none");
    assertRefused(
        "pgsql",
        uri("mail", "require").replace(":" + postgres.port(), ":" + Postgres.shared().port()),
        "TLS: the server has none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void aFileThatIsNoCertificateIsNamed(String maptype) throws Exception {
    Path nonsense = Files.writeString(tables.resolve("nonsense.pem"), "nothing\n");
    String config =
        maptype.equals("mysql")
            ? mariaDb.config() + "tls_CAfile = " + nonsense + "\n"
            : uri("mail", "verify-ca&sslrootcert=" + nonsense);
    SqlTables sql = new SqlTables(maptype, tables);
    TestOpening opening = sql.opening(config + QUERY);
    String said;
    try {
      Table table = opening.open(sql.driver);
      said = String.valueOf(SqlTables.lookup(table, "k"));
      table.close();
    } catch (org.postern.spi.TableUnavailableException e) {
      said = String.valueOf(e.getMessage());
    }
    assertThat(said).contains(nonsense.toString()).doesNotContain("s3cr3t");
  }

  @Test
  void aServerWhoseTlsIsTooOldIsAskedWithoutItUnlessTheTableWantsIt() throws Exception {
    present(Holder.SERVER);
    try (MariaDb old =
        new MariaDb(
            "--ssl-cert=" + served("crt"),
            "--ssl-key=" + served("key"),
            "--tls-version=TLSv1.2",
            "--ssl-cipher=AES128-SHA")) {
      old.execute("INSERT INTO mail.alias VALUES ('k','v',1,NULL)");
      SqlTables sql = new SqlTables("mysql", tables);
      for (String config : List.of("", "postern_tls = no\n")) {
        try (TestOpening opening = sql.opening(old.config() + config + QUERY)) {
          Table table = opening.open(sql.driver);
          assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("v"));
          assertThat(table.describe().toString()).contains("without TLS");
        }
      }
      for (String tls :
          List.of(
              "tls_CAfile = " + certificates.certificate(Holder.AUTHORITY), "tls_ciphers = HIGH")) {
        assertRefused("mysql", old.config() + tls + "\n", "handshake_failure");
      }
    }
  }

  @Test
  void tlsCanBeLeftOut() throws Exception {
    serve(Holder.SERVER);
    SqlTables sql = new SqlTables("mysql", tables);
    Path options = Files.writeString(tables.resolve("client.cnf"), "[client]\nskip-ssl\n");
    for (String config : List.of("postern_tls = no\n", "option_file = " + options + "\n")) {
      try (TestOpening opening = sql.opening(mariaDb.config() + config + QUERY)) {
        Table table = opening.open(sql.driver);
        assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("v"));
        assertThat(table.describe().toString()).contains("without TLS");
      }
    }
    TestOpening both =
        sql.opening(mariaDb.config() + "postern_tls = no\ntls_verify_cert = yes\n" + QUERY);
    assertThatThrownBy(() -> both.open(sql.driver))
        .isInstanceOf(org.postern.spi.TableUnavailableException.class)
        .hasMessageContaining("postern_tls = no contradicts");
  }

  /** So that an interface that has changed does not pass for a server that was refused. */
  @Test
  void theServersOfferTlsToThoseWhoAskForNothing() throws Exception {
    serve(Holder.SERVER);
    for (TestServer server : List.of(mariaDb, postgres)) {
      assertServed(server.maptype(), server.config());
    }
  }
}
