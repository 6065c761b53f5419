package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Patience;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.SettledFile;
import org.postern.testkit.TestCertificates;
import org.postern.testkit.wire.RawClient;

/** ldap tables with {@code sasl_mechs = GSSAPI}, on slapd(8) and a Kerberos of their own. */
@Timeout(120)
class LdapKerberosIT {
  private static final String KEY = "hidden@example.com";

  /** What only cn=reader may see. */
  private static final String FOUND = "status|0|value|hidden-drop||";

  private static final String NOT_FOUND = "status|1|value|||";
  private static final String RETRY = "status|2|value|||";

  @TempDir Path directory;

  private final List<AutoCloseable> started = new ArrayList<>();
  private Kdc kdc;
  private Slapd slapd;
  private PrivatePostfix postfix;
  private PosternProcess postern;
  private Path ticket;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void start() throws Exception {
    PrivatePostfix.mustBePossible();
    Prerequisite.SLAPD.mustBeHere();
    Prerequisite.KERBEROS.mustBeHere();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    ticket = directory.resolve("ticket");
    kdc = started(Kdc.start(Files.createDirectory(directory.resolve("kdc"))));
    kdc.user("reader", "readerpw");
    kdc.user("peer", "peerpw");
    String keys = kdc.service("ldap/localhost");
    Map<String, String> server = new HashMap<>(kdc.environment());
    server.put("KRB5_KTNAME", keys);
    slapd =
        started(
            Slapd.start(
                Files.createDirectory(directory.resolve("slapd")),
                TestCertificates.make(directory),
                "sasl-host localhost\nsasl-realm EXAMPLE.ORG\n",
                server));
    environment.putAll(kdc.environment());
    environment.put("KRB5CCNAME", "FILE:" + ticket);
    // OpenLDAP's library takes the address' name otherwise, which may be any on this machine.
    environment.put("LDAPSASL_NOCANON", "on");
    postfix = started(new PrivatePostfix(directory));
    postfix.set("proxy_read_maps", "proxy:" + table("127.0.0.1", "") + " proxy:" + withPassword());
    postern = started(PosternProcess.serve(postfix.config(), environment));
  }

  private String table(String host, String more) throws Exception {
    Path file = directory.resolve("ticket" + more.length() + ".cf");
    SettledFile.write(
        file,
        slapd.placed(
            """
            server_host = ldap://%s:@PORT@
            search_base = dc=example,dc=org
            query_filter = (mail=%%s)
            result_attribute = maildrop
            bind = sasl
            sasl_mechs = GSSAPI
            %s
            """
                .formatted(host, more)));
    return "ldap:" + file;
  }

  private String withPassword() throws Exception {
    return table("127.0.0.1", "bind_dn = reader\nsasl_realm = EXAMPLE.ORG\nbind_pw = readerpw");
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable one : started.reversed()) {
      one.close();
    }
  }

  /** To be closed at the end, also when the next one does not start, or is not installed. */
  private <T extends AutoCloseable> T started(T one) {
    started.add(one);
    return one;
  }

  @Test
  void whoHasATicketSeesWhatPostfixSees() throws Exception {
    String table = table("localhost", "");
    kdc.ticket("reader", "readerpw", ticket);
    PosternProcess.mayChange(ticket);
    Postfix.Outcome postmap =
        Postfix.run(
            List.of("postmap", "-c", postfix.config().toString(), "-q", KEY, table),
            "",
            environment);
    assertThat(postmap.out()).as(postmap.err()).isEqualTo("hidden-drop\n");
    try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
      assertThat(client.ask(RawClient.lookup(table, KEY))).isEqualTo(FOUND);
    }
  }

  @Test
  void aServerThatIsNamedByItsAddressIsKnownByThatOnesName() throws Exception {
    String table = table("127.0.0.1", "");
    kdc.ticket("reader", "readerpw", ticket);
    PosternProcess.mayChange(ticket);
    try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
      assertThat(client.ask(RawClient.lookup(table, KEY))).isEqualTo(FOUND);
    }
  }

  @Test
  void theServerKnowsWhoAsks() throws Exception {
    String table = table("127.0.0.1", "");
    kdc.ticket("peer", "peerpw", ticket);
    PosternProcess.mayChange(ticket);
    try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
      assertThat(client.ask(RawClient.lookup(table, KEY))).isEqualTo(NOT_FOUND);
      assertThat(client.ask(RawClient.lookup(withPassword(), KEY))).isEqualTo(FOUND);
    }
  }

  @Test
  void withoutATicketItIsRetryUntilThereIsOne() throws Exception {
    String table = table("127.0.0.1", "");
    try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
      assertThat(client.ask(RawClient.lookup(table, KEY))).isEqualTo(RETRY);
      assertThat(postern.log()).contains("no Kerberos ticket").contains("kinit(1)");
      kdc.ticket("reader", "readerpw", ticket);
      PosternProcess.mayChange(ticket);
      assertThat(Patience.until(() -> client.ask(RawClient.lookup(table, KEY)).equals(FOUND)))
          .as("milliseconds from the ticket to the answer")
          .isLessThan(8000);
    }
    assertThat(postern.log()).doesNotContain("readerpw");
  }
}
