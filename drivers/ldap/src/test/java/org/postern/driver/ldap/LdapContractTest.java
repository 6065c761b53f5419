package org.postern.driver.ldap;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.testkit.Bytes;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

/** Keys are octets to the directory here: most attributes would match without regard to case. */
final class LdapContractTest implements DriverContract {
  private static TestDirectory people;

  @BeforeAll
  static void start() throws Exception {
    people = TestDirectory.start();
  }

  @AfterAll
  static void stop() {
    people.close();
  }

  @Override
  public TableDriver driver() {
    return new LdapDriver();
  }

  @Override
  public TestOpening sample(Path directory) throws Exception {
    return people.table(directory, "query_filter = (mailkey=%s)");
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        Bytes.entry("bob", "bob@host.example.com"),
        Bytes.entry("two", "one@x.example,other@y.example"));
  }

  @Override
  public Optional<TestOpening> withoutSource(Path directory) {
    return Optional.of(TestOpening.of("ldap", directory.resolve("missing.cf")));
  }
}
