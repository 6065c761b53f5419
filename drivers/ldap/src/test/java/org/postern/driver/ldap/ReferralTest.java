package org.postern.driver.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPURL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.Table;
import org.postern.testkit.TestOpening;

/** Answers of which a part is at other servers. */
@Timeout(60)
final class ReferralTest {
  private static final LdapDriver DRIVER = new LdapDriver();

  @TempDir private Path directory;

  private static void refer(TestDirectory from, String name, String url) throws Exception {
    from.server()
        .add(
            new Entry(
                name,
                new Attribute("objectClass", "referral", "extensibleObject"),
                new Attribute(name.substring(0, name.indexOf('=')), value(name)),
                new Attribute("ref", url)));
  }

  private static String value(String name) {
    return name.substring(name.indexOf('=') + 1, name.indexOf(','));
  }

  private String ask(TestDirectory people, String chase) throws Exception {
    try (TestOpening opening = people.table(directory, "chase_referrals = " + chase)) {
      return LdapTableTest.text(opening.open(DRIVER), "bob@example.com");
    }
  }

  /** As a domain controller answers a search at the root of its domain. */
  @Test
  void thePartitionsThatActiveDirectoryAddsByItselfAreLeftOut() throws Exception {
    try (TestDirectory people = TestDirectory.start()) {
      for (String partition :
          List.of(
              "DC=DomainDnsZones,DC=example,DC=org",
              "DC=ForestDnsZones,DC=example,DC=org",
              "CN=Configuration,DC=example,DC=org")) {
        refer(
            people, partition, "ldap://" + value(partition) + ".example.org.invalid/" + partition);
      }
      assertThat(ask(people, "yes")).isEqualTo("bob@host.example.com");
      assertThat(ask(people, "no")).isEqualTo("bob@host.example.com");
      try (TestOpening opening = people.table(directory, "chase_referrals = yes")) {
        List<String> told = new ArrayList<>();
        Table table = opening.open(DRIVER);
        table.explain("bob@example.com".getBytes(UTF_8), table.flags(), told::add);
        assertThat(told)
            .anyMatch(line ->
                line.startsWith("not followed, since it holds no mail: ldap://DomainDnsZones."));
      }
    }
  }

  @Test
  void anotherServerThatCannotBeReachedIsRetryAndNamedWithARemedy() throws Exception {
    try (TestDirectory people = TestDirectory.start()) {
      int nobody = TestDirectory.freePort();
      String url = "ldap://127.0.0.1:" + nobody + "/ou=more,dc=example,dc=org";
      refer(people, "ou=more,dc=example,dc=org", url);
      assertThat(ask(people, "yes"))
          .startsWith("retry: Search error 10: Referral: cannot follow " + url + " (Can't contact")
          .contains("write chase_referrals = no");
      assertThat(ask(people, "no")).isEqualTo("bob@host.example.com");
    }
  }

  @Test
  void anotherServerThatCanBeReachedIsAsked() throws Exception {
    try (TestDirectory people = TestDirectory.start();
        TestDirectory more = TestDirectory.start()) {
      refer(
          people,
          "ou=more,dc=example,dc=org",
          "ldap://127.0.0.1:" + more.port() + "/ou=people,dc=example,dc=org");
      assertThat(ask(people, "yes")).isEqualTo("bob@host.example.com,bob@host.example.com");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ldap://DomainDnsZones.x.org/DC=DomainDnsZones,DC=x,DC=org       | true",
        "ldap://forestdnszones.x.org/dc=forestdnszones,dc=x,dc=org       | true",
        "ldap://x.org/CN=Configuration,DC=x,DC=org                       | true",
        "ldap://sub.x.org/DC=sub,DC=x,DC=org                             | false",
        "ldap://x.org/CN=Configuration,OU=lists,DC=x,DC=org              | false",
        "ldap://x.org/CN=lists,CN=Configuration,DC=x,DC=org              | false",
        "ldap://x.org/OU=DomainDnsZones,DC=x,DC=org                      | false",
        "ldap://x.org/DC=DomainDnsZones                                  | false",
        "ldap://x.org/                                                   | false"
      })
  void onlyThesePartitionsOfADomainHoldNoMail(String url, boolean isPartition) throws Exception {
    assertThat(OtherServers.isPartition(new LDAPURL(url.strip()))).isEqualTo(isPartition);
  }
}
