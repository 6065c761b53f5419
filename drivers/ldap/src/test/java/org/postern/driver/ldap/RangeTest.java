package org.postern.driver.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.TestOpening;

/** Groups of which Active Directory gives the first 1,500 members, and the rest when asked. */
@Timeout(60)
final class RangeTest {
  private static final LdapDriver DRIVER = new LdapDriver();
  private static final String PEOPLE = ",ou=people,dc=example,dc=org";

  @TempDir private Path directory;

  private static List<String> addresses(int count) {
    return IntStream.range(0, count).mapToObj(i -> "m" + i + "@example.net").toList();
  }

  private static void addGroup(TestDirectory people, String attribute, List<String> values)
      throws Exception {
    people
        .server()
        .add(
            new Entry(
                "cn=big" + PEOPLE,
                new Attribute("objectClass", "mailaccount"),
                new Attribute("cn", "big"),
                new Attribute("mail", "big@example.com"),
                new Attribute(attribute, values)));
  }

  private String ask(TestDirectory people, String... lines) throws Exception {
    try (TestOpening opening = people.table(directory, lines)) {
      return LdapTableTest.text(opening.open(DRIVER), "big@example.com");
    }
  }

  @Test
  void allMembersOfALargeGroupAreFound() throws Exception {
    ActiveDirectory active = new ActiveDirectory("memberaddr", 1500);
    try (TestDirectory people = TestDirectory.start(active)) {
      addGroup(people, "memberaddr", addresses(4000));
      for (String kind :
          List.of("result_attribute", "leaf_result_attribute", "terminal_result_attribute")) {
        int before = active.searches();
        assertThat(ask(people, kind + " = memberaddr"))
            .as(kind)
            .isEqualTo(String.join(",", addresses(4000)));
        assertThat(active.searches() - before).as(kind).isEqualTo(3);
      }
    }
  }

  @Test
  void exactlyOnePartMoreOrLessIsFound() throws Exception {
    for (int count : List.of(3, 4, 6, 7)) {
      try (TestDirectory people = TestDirectory.start(new ActiveDirectory("memberaddr", 3))) {
        addGroup(people, "memberaddr", addresses(count));
        assertThat(ask(people, "result_attribute = memberaddr"))
            .isEqualTo(String.join(",", addresses(count)));
      }
    }
  }

  @Test
  void allMembersAreFollowedWhereTheyAreNames() throws Exception {
    try (TestDirectory people = TestDirectory.start(new ActiveDirectory("memberdn", 3))) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        names.add("cn=m" + i + PEOPLE);
        people
            .server()
            .add(
                new Entry(
                    names.getLast(),
                    new Attribute("objectClass", "mailaccount"),
                    new Attribute("cn", "m" + i),
                    new Attribute("maildrop", "m" + i + "@example.net")));
      }
      addGroup(people, "memberdn", names);
      String[] lines = {"special_result_attribute = memberdn", "size_limit = 1"};
      assertThat(ask(people, lines)).isEqualTo(String.join(",", addresses(8)));
      assertThat(
              ask(
                  people,
                  "special_result_attribute = memberdn",
                  "leaf_result_attribute = maildrop",
                  "result_attribute ="))
          .isEqualTo(String.join(",", addresses(8)));
    }
  }

  @Test
  void moreThanTheExpansionLimitIsNotAskedFor() throws Exception {
    ActiveDirectory active = new ActiveDirectory("memberaddr", 3);
    try (TestDirectory people = TestDirectory.start(active)) {
      addGroup(people, "memberaddr", addresses(20));
      assertThat(ask(people, "result_attribute = memberaddr", "expansion_limit = 4"))
          .isEqualTo("retry: Expansion limit exceeded for key: 'big@example.com'");
      assertThat(active.searches()).isEqualTo(2);
    }
  }

  @Test
  void aRestThatIsNotGivenIsRetry() throws Exception {
    ActiveDirectory active = new ActiveDirectory("memberaddr", 3);
    active.giveNoneFrom(6);
    try (TestDirectory people = TestDirectory.start(active)) {
      addGroup(people, "memberaddr", addresses(20));
      assertThat(ask(people, "result_attribute = memberaddr"))
          .isEqualTo("retry: the server gives values 3-5 of cn=big" + PEOPLE + " and not the rest");
    }
  }

  @Test
  void aTableThatNamesTheRangesItselfGetsWhatItNames() throws Exception {
    try (TestDirectory people = TestDirectory.start(new ActiveDirectory("memberaddr", 3))) {
      addGroup(people, "memberaddr", addresses(8));
      assertThat(ask(people, "result_attribute = memberaddr;range=0-2"))
          .isEqualTo(String.join(",", addresses(3)));
    }
  }
}
