package org.postern.driver.ldap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSimpleBindRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.Access;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Bytes;
import org.postern.testkit.LogLine;
import org.postern.testkit.TestOpening;

/** What ldap_table(5) promises. That Postfix answers the same is asked in {@code distribution}. */
final class LdapTableTest {
  private static final LdapDriver DRIVER = new LdapDriver();
  private static TestDirectory people;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    people = TestDirectory.start();
  }

  @AfterAll
  static void stop() {
    people.close();
  }

  /** Parameters are written with semicolons between them; a slash is an empty answer. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bob@example.com   |                                   | bob@host.example.com",
        "BOB@example.com   |                                   | bob@host.example.com",
        "nobody@example.com|                                   | not found",
        "two@example.com   |                                   | one@x.example,other@y.example",
        "dup@example.com   |                                   | dup1,dup2",
        "bob               | query_filter = cn=%s              | bob@host.example.com",
        "bob@example.com   | query_filter = cn=%u              | bob@host.example.com",
        "bob               | query_filter = (mail=%u@%d)       | not found",
        "bob@example.com   | query_filter = (mail=%U@%2.%1)    | bob@host.example.com",
        "bob@example.com   | query_filter = (mail=%u@%3.%1)    | not found",
        "bob@example.com   | domain = example.org              | not found",
        "bob@example.com   | domain = example.org, example.com | bob@host.example.com",
        "bob@example.com   | scope = base                      | not found",
        "bob@example.com   | scope = one                       | not found",
        "alice@example.com | search_base = ou=%d,ou=people,dc=example,dc=org | alice@z.example",
        "bob@nowhere.com   | search_base = ou=%d,ou=people,dc=example,dc=org | not found",
        "bob@example.com   | result_format = smtp:[%s]         | smtp:[bob@host.example.com]",
        "bob@example.com   | result_filter = %u at %D          | bob at example.com",
        "two@example.com   | expansion_limit = 2               | one@x.example,other@y.example",
        "bob@example.com   | result_attribute = mailhost       | host.example.com",
        "bob@example.com   | result_attribute = *              | not found",
        "bob@example.com   | result_attribute =                | not found",
        "group@example.com | result_attribute = memberaddr     | extra@example.net",
        "urls@example.com  | special_result_attribute = memberurl | bob@host.example.com,alice@z.example"
      })
  void isAnswered(String key, String parameters, String answer) throws Exception {
    try (TestOpening opening = opening(parameters)) {
      assertThat(text(opening.open(DRIVER), key)).isEqualTo(answer);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dup@example.com  | expansion_limit = 1            | Search error 4: Size limit exceeded",
        "dup@example.com  | size_limit = 1                 | Search error 4: Size limit exceeded",
        "two@example.com  | expansion_limit = 1"
            + " | Expansion limit exceeded for key: 'two@example.com'",
        "loop@example.com | special_result_attribute = memberdn"
            + " | Recursion limit exceeded for special attribute"
            + " memberdn=cn=loop,ou=people,dc=example,dc=org",
        "bob@example.com  | search_base = dc=nowhere"
            + " | Search base 'dc=nowhere' not found: 32: No such object",
        "bob@example.com  | query_filter = (mail=%s        | Search error -7: Bad search filter",
        "badurl@example.com | special_result_attribute = memberurl | malformed URL"
      })
  void isRetry(String key, String parameters, String reason) throws Exception {
    try (TestOpening opening = opening(parameters)) {
      assertThat(text(opening.open(DRIVER), key)).startsWith("retry: " + reason);
    }
  }

  @Test
  void aServerThatDoesNotKeepToTheSizeLimitIsNotBelieved() throws Exception {
    InMemoryOperationInterceptor generous =
        new InMemoryOperationInterceptor() {
          @Override
          public void processSearchRequest(InMemoryInterceptedSearchRequest request) {
            SearchRequest unlimited = request.getRequest().duplicate();
            unlimited.setSizeLimit(0);
            request.setRequest(unlimited);
          }
        };
    try (TestDirectory many = TestDirectory.start(generous);
        TestOpening opening = many.table(directory, "size_limit = 1")) {
      Table table = opening.open(DRIVER);
      assertThat(text(table, "dup@example.com"))
          .isEqualTo("retry: Search error 4: Size limit exceeded");
      assertThat(text(table, "bob@example.com")).isEqualTo("bob@host.example.com");
    }
  }

  @Test
  void kerberosWithoutATicketSaysHowToGetOne() throws Exception {
    try (TestOpening opening = opening("bind = sasl; sasl_mechs = GSSAPI")) {
      String answer = text(opening.open(DRIVER), "bob@example.com");
      assertThat(answer)
          .startsWith("retry: Unable to bind to server ldap://127.0.0.1:" + people.port())
          .contains("no Kerberos ticket: ")
          .endsWith("; kinit(1) gets one for the user that Postern runs as");
      opening.assertWarnings(answer.substring("retry: ".length()));
    }
  }

  @Test
  void aPasswordIsNotSentInTheClearBySasl() throws Exception {
    try (TestOpening opening =
        opening("bind = sasl; sasl_mechs = PLAIN; bind_dn = reader; bind_pw = readerpw")) {
      String answer = text(opening.open(DRIVER), "bob@example.com");
      assertThat(answer).startsWith("retry: Unable to bind").contains("no SASL mechanism");
      opening.assertWarnings(answer.substring("retry: ".length()));
    }
  }

  @Test
  void whatATableDoesNotReadIsNamed() throws Exception {
    try (TestOpening opening = opening("lookup_wildcards = yes; bind_pw = hush")) {
      opening.open(DRIVER);
      assertThat(opening.log())
          .extracting(LogLine::text)
          .containsExactly(
              opening.name() + ": unused parameter: bind_pw",
              opening.name() + ": unused parameter: lookup_wildcards");
    }
  }

  @Test
  void cannotBeOpenedForWriting() throws Exception {
    try (TestOpening opening = opening("").access(Access.READ_WRITE)) {
      assertThatThrownBy(() -> opening.open(DRIVER))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessage("ldap:" + opening.name() + " map requires O_RDONLY access mode");
    }
  }

  @Test
  void dnsAreFollowed() throws Exception {
    try (TestOpening opening =
        opening("special_result_attribute = memberdn; result_attribute = maildrop memberaddr")) {
      assertThat(text(opening.open(DRIVER), "group@example.com"))
          .isEqualTo("extra@example.net,bob@host.example.com,one@x.example,other@y.example");
      opening.assertWarnings(
          opening.name() + ": DN cn=nobody,ou=people,dc=example,dc=org not found, skipping");
    }
  }

  @Test
  void aTerminalAttributeIsAllThatCounts() throws Exception {
    try (TestOpening opening =
        opening("special_result_attribute = memberdn; terminal_result_attribute = mailhost")) {
      Table table = opening.open(DRIVER);
      assertThat(text(table, "hosted@example.com")).isEqualTo("lists.example.com");
      assertThat(text(table, "two@example.com")).isEqualTo("one@x.example,other@y.example");
    }
  }

  @Test
  void aLeafAttributeDoesNotCountBesideSpecialOnes() throws Exception {
    try (TestOpening opening =
        opening(
            "special_result_attribute = memberdn; leaf_result_attribute = maildrop;"
                + " result_attribute =")) {
      Table table = opening.open(DRIVER);
      assertThat(text(table, "hosted@example.com")).isEqualTo("bob@host.example.com");
      assertThat(text(table, "two@example.com")).isEqualTo("one@x.example,other@y.example");
    }
  }

  @Test
  void aDepthOfOneFollowsNothing() throws Exception {
    try (TestOpening opening =
        opening("special_result_attribute = memberdn; recursion_limit = 1")) {
      assertThat(text(opening.open(DRIVER), "hosted@example.com"))
          .startsWith("retry: Recursion limit exceeded");
    }
    try (TestOpening opening =
        opening("special_result_attribute = memberdn; recursion_limit = 2")) {
      assertThat(text(opening.open(DRIVER), "hosted@example.com"))
          .isEqualTo("list-host,bob@host.example.com");
    }
  }

  @Test
  void specialCharactersAreTextInAFilter() throws Exception {
    try (TestOpening opening = opening("query_filter = (|(mail=%s)(mail=%u@%d))")) {
      Table table = opening.open(DRIVER);
      assertThat(text(table, "a*b(c)d\\e@example.com")).isEqualTo("odd");
      for (String key :
          List.of(
              "*", "*@example.com", "b*@example.com", "x)(mail=*", "*)(cn=*))(|(cn=*", "\\2a")) {
        assertThat(text(table, key)).as(key).isEqualTo("not found");
      }
    }
  }

  @Test
  void specialCharactersAreTextInASearchBase() throws Exception {
    try (TestOpening opening =
        opening(
            "search_base = cn=%s,ou=people,dc=example,dc=org; scope = base; query_filter = (|(cn=%s)(cn=*))")) {
      Table table = opening.open(DRIVER);
      assertThat(text(table, "a, b+c=\"d\" <e>;#f\\g")).isEqualTo("quoted");
      assertThat(text(table, "bob")).isEqualTo("bob@host.example.com");
      for (String key : List.of("bob,ou=people", "x+cn=bob", "#626f62", "bob\\", "nobody")) {
        assertThat(text(table, key)).as(key).isEqualTo("not found");
      }
    }
  }

  @Test
  void noKeyFindsWhatItIsNot() throws Exception {
    Random random = new Random(4711);
    String letters = "bo@example.com*()\\&|!=~<>,+\"#; \t\0%u\u00c3\u00bc\u00ff";
    List<String> found = new ArrayList<>();
    try (TestOpening opening = opening("query_filter = (&(objectClass=*)(mail=%s))")) {
      Table table = opening.open(DRIVER);
      for (int i = 0; i < 3000; i++) {
        StringBuilder key = new StringBuilder();
        int length = 1 + random.nextInt(20);
        while (key.length() < length) {
          key.append(letters.charAt(random.nextInt(letters.length())));
        }
        LookupResult result = table.lookup(Bytes.bytes(key.toString()), 0);
        if (!(result instanceof NotFound)) {
          found.add(key + " -> " + result);
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void whatIsNotUtf8IsInNoDirectory() throws Exception {
    try (TestOpening opening = opening("")) {
      Table table = opening.open(DRIVER);
      assertThat(table.lookupAtOnce(Bytes.bytes("\u00ff@example.com"), 0))
          .isEqualTo(NotFound.NOT_FOUND);
      assertThat(table.lookupAtOnce(Bytes.bytes("bob@example.com"), 0)).isNull();
    }
  }

  @Test
  void whatAFileHoldsThatIsNotUtf8IsNotGuessed() throws Exception {
    String host = "server_host = 127.0.0.1:" + people.port() + "\nbind = no\n";
    for (String parameter :
        List.of("search_base = ou=p\u00fc", "server_host = h\u00fc", "tls_cert = /\u00fc")) {
      String text = "query_filter = (mail=%s)\n" + parameter + "\n";
      try (TestOpening opening = latin1(text)) {
        assertThatThrownBy(() -> opening.open(DRIVER))
            .isInstanceOf(TableUnavailableException.class)
            .hasMessage(
                "%s, line 2: %s is not UTF-8: save the file in UTF-8"
                    .formatted(opening.name(), parameter.replaceFirst(" =.*", "")));
      }
    }
    try (TestOpening opening =
        latin1(
            host
                + "search_base = dc=example,dc=org\n"
                + "query_filter = (&(mail=%s)(!(cn=p\u00fc)))\n"
                + "result_attribute = maildr\u00fcp maildrop\n")) {
      assertThat(text(opening.open(DRIVER), "bob@example.com")).isEqualTo("bob@host.example.com");
      opening.assertWarnings(
          opening.name() + ": no attribute has the name maildr?p in result_attribute");
    }
  }

  @Test
  void bytesOfAFilterReachTheServerAsTheyAre() throws Exception {
    List<Filter> seen = new ArrayList<>();
    InMemoryOperationInterceptor watching =
        new InMemoryOperationInterceptor() {
          @Override
          public void processSearchRequest(InMemoryInterceptedSearchRequest request) {
            seen.add(request.getRequest().getFilter());
          }
        };
    try (TestDirectory watched = TestDirectory.start(watching);
        TestOpening opening =
            latin1(
                "server_host = 127.0.0.1:"
                    + watched.port()
                    + "\nbind = no\nsearch_base = dc=example,dc=org\nquery_filter = (mail=\u00fc%s)\n")) {
      opening.open(DRIVER).lookup("m\u00fc".getBytes(UTF_8), 0);
      assertThat(seen).hasSize(1);
      assertThat(seen.getFirst().getRawAssertionValue().getValue())
          .containsExactly(0xfc, 'm', 0xc3, 0xbc);
    }
  }

  /** A server compares bytes, and a file may be in latin1. */
  @Test
  void theBytesOfAPasswordAreSentAsTheyAre() throws Exception {
    List<byte[]> seen = new ArrayList<>();
    InMemoryOperationInterceptor watching =
        new InMemoryOperationInterceptor() {
          @Override
          public void processSimpleBindRequest(InMemoryInterceptedSimpleBindRequest request) {
            seen.add(Objects.requireNonNull(request.getRequest().getPassword()).getValue());
          }
        };
    try (TestDirectory watched = TestDirectory.start(watching);
        TestOpening opening =
            latin1(
                "server_host = 127.0.0.1:"
                    + watched.port()
                    + "\nbind_dn = cn=reader,ou=people,dc=example,dc=org\nbind_pw = \u00fc\u00df\n"
                    + "search_base = dc=example,dc=org\nquery_filter = (mail=%s)\n")) {
      String answer = text(opening.open(DRIVER), "bob@example.com");
      assertThat(seen.getFirst()).containsExactly(0xfc, 0xdf);
      opening.assertWarnings(answer.substring("retry: ".length()));
    }
  }

  @Test
  void aNameToFollowThatIsNotUtf8IsRetry() throws Exception {
    Entry odd =
        new Entry(
            "cn=blob,ou=people,dc=example,dc=org",
            new Attribute("objectClass", "mailaccount", "extensibleObject"),
            new Attribute("cn", "blob"),
            new Attribute("mail", "notutf8@example.com"),
            new Attribute("userPassword", new byte[] {'c', 'n', '=', (byte) 0xfc}));
    try (TestDirectory other = TestDirectory.start()) {
      other.server().add(odd);
      try (TestOpening opening =
          other.table(directory, "special_result_attribute = userPassword")) {
        assertThat(text(opening.open(DRIVER), "notutf8@example.com"))
            .isEqualTo("retry: search error 34: Invalid DN syntax for cn=?, not UTF-8");
      }
    }
  }

  private TestOpening latin1(String text) throws IOException {
    Path file = Files.createTempFile(directory, "table", ".cf");
    Files.writeString(file, text, ISO_8859_1);
    return TestOpening.of("ldap", file);
  }

  @Test
  void warnsAsPostfixDoes() throws Exception {
    try (TestOpening opening =
        opening(
            "scope = bogus; dereference = 5; version = 4; cache = yes; cache_expiry = 3;"
                + " cache_size = 4; query_filter = mail=bob@example.com")) {
      Table table = opening.open(DRIVER);
      String file = opening.name();
      opening.assertWarnings(
          file + " Unknown version 4, using 3.",
          file + ": Unrecognized value bogus specified for scope; using sub",
          file + ": Fixed query_filter mail=bob@example.com is probably useless",
          file + " Unrecognized value 5 specified for dereference; using 0",
          file + " ignoring cache",
          file + " ignoring cache_expiry",
          file + " ignoring cache_size");
      assertThat(text(table, "anybody")).isEqualTo("bob@host.example.com");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bind = perhaps      | unsupported parameter value: bind = perhaps",
        "timeout = soon      | bad numerical configuration: timeout = soon",
        "start_tls = 1       | bad boolean configuration: start_tls = 1",
        "recursion_limit = 0 | invalid recursion_limit parameter value 0 < 1",
        "size_limit = -1     | invalid size_limit parameter value -1 < 0",
        "version = 1         | invalid version parameter value 1 < 2",
        "server_host = http://h | server_host = http://h: unknown URL scheme \"http\"",
        "server_host = ,     | server_host names no server",
        "query_filter = %x   | Invalid query template: %x"
      })
  void saysWhatIsWrongWithAParameter(String parameters, String message) throws Exception {
    try (TestOpening opening = opening(parameters)) {
      assertThatThrownBy(() -> opening.open(DRIVER))
          .isInstanceOf(TableUnavailableException.class)
          .message()
          .contains(opening.name())
          .contains(message);
    }
  }

  @Test
  void mainCfCanHoldTheParameters() throws Exception {
    try (TestOpening opening =
        TestOpening.of("ldap", "people")
            .parameter("people_server_host", "127.0.0.1")
            .parameter("people_server_port", String.valueOf(people.port()))
            .parameter("people_search_base", "dc=example,dc=org")
            .parameter("people_query_filter", "(mail=%s)")) {
      assertThat(text(opening.open(DRIVER), "bob@example.com")).isEqualTo("bob@host.example.com");
    }
  }

  @Test
  void saysWhatItIsConnectedToAndWhatItAsks() throws Exception {
    try (TestOpening opening = opening("query_filter = (& (mail=%s) (cn=%u))")) {
      assertThat(opening.open(DRIVER).describe())
          .satisfiesExactly(
              by -> assertThat(by).startsWith("by: UnboundID LDAP SDK 7."),
              to ->
                  assertThat(to)
                      .isEqualTo(
                          "to: ldap://127.0.0.1:%d, without TLS, as empty or implicit",
                          people.port()),
              asks ->
                  assertThat(asks)
                      .isEqualTo("asks: (&(mail=%s)(cn=%u)) at \"dc=example,dc=org\", scope sub"));
    }
    for (String wrong : List.of("search_base = dc=nowhere", "query_filter = (mail=%s")) {
      try (TestOpening opening = opening(wrong)) {
        Table table = opening.open(DRIVER);
        assertThatThrownBy(table::describe)
            .isInstanceOf(TableUnavailableException.class)
            .message()
            .startsWith(opening.name() + ": Search ");
      }
    }
  }

  @Test
  void tellsWhichServerItAsksAndWhatItSearches() throws Exception {
    try (TestOpening opening = opening("query_filter = (mail=%s)")) {
      Table table = opening.open(DRIVER);
      List<String> told = new ArrayList<>();
      table.explain("bob@example.com".getBytes(UTF_8), table.flags(), told::add);
      assertThat(told)
          .containsExactly(
              "server: ldap://127.0.0.1:%d, without TLS, as empty or implicit"
                  .formatted(people.port()),
              "search: (mail=bob@example.com) at \"dc=example,dc=org\", scope sub: 1 entry");
      told.clear();
      table.explain(new byte[0], table.flags(), told::add);
      assertThat(told).singleElement().asString().startsWith("no server is asked: ");
    }
  }

  private TestOpening opening(String parameters) throws Exception {
    return people.table(
        directory, parameters == null ? new String[0] : parameters.strip().split(" *; *"));
  }

  static String text(Table table, String key) {
    return switch (table.lookup(Bytes.bytes(key), 0)) {
      case Found found -> Bytes.text(found.value());
      case NotFound _ -> "not found";
      case Retry(String reason) -> "retry: " + reason;
      case LookupResult other -> other.toString();
    };
  }
}
