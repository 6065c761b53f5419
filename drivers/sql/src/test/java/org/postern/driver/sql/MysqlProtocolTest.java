package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.TestOpening;
import org.postern.testservers.MariaDb;

/** The answers of a real server, as they come, and as an older or a broken one would send them. */
@Timeout(60)
class MysqlProtocolTest {
  private static final String OWN = "query = SELECT address FROM alias WHERE address = '%s'\n";

  /** In the greeting: the upper half of the capabilities, of which this one says "no EOF". */
  private static final int DEPRECATE_EOF = 0x01;

  private static MariaDb server;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = new MariaDb();
    server.execute(
        "INSERT INTO alias VALUES ('k','one',1,NULL),('k2','two',2,'more')",
        "CREATE PROCEDURE twice(k TEXT) BEGIN SELECT 'first'; SELECT 'second'; END",
        "CREATE PROCEDURE nothing(k TEXT) DO 1");
  }

  @AfterAll
  static void end() throws Exception {
    server.close();
  }

  /** The server's greeting with fewer capabilities. */
  private static byte[] older(byte[] greeting) {
    int at = 4 + 1; // behind the packet's header and the protocol's version
    while (greeting[at] != 0) {
      at++; // the server's version
    }
    // NUL, the connection's number, a part of the salt, a filler, half of the capabilities, the
    // character set, the status, and of the other half the first byte
    greeting[at + 1 + 4 + 8 + 1 + 2 + 1 + 2 + 1] &= (byte) ~DEPRECATE_EOF;
    return greeting;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyKindOfAnswerIsReadToItsEnd(boolean isOld) throws Exception {
    SqlTables tables = new SqlTables("mysql", directory);
    try (MysqlRelay relay =
        new MysqlRelay(
            server.port(),
            isOld ? MysqlProtocolTest::older : UnaryOperator.identity(),
            (read, out) -> out.write(read))) {
      String config = server.config("127.0.0.1:" + relay.port());
      try (TestOpening plain = opening(tables, config + OWN)) {
        Table own = plain.open(tables.driver);
        for (String[] each :
            new String[][] {
              {
                "query = SELECT target, extra FROM alias WHERE '%s' = 'k' ORDER BY n",
                "one,two,more"
              },
              {"query = CALL nothing('%s')\nrequire_result_set = no", "none"},
              {"query = CALL nothing('%s')", "retry"},
              {"query = CALL twice('%s')", "retry"},
              {"query = SELECT wrong FROM alias WHERE address = '%s'", "retry"},
              {
                "query = SELECT IF(seq < 50000, '%s', (SELECT 1 UNION SELECT 2)) FROM seq_1_to_60000",
                "retry"
              },
              {"query = SELECT NULL FROM alias WHERE address = '%s'", "none"},
            }) {
          try (TestOpening opening = opening(tables, config + each[0] + "\n")) {
            LookupResult answer = SqlTables.lookup(opening.open(tables.driver), "k");
            switch (each[1]) {
              case "none" -> assertThat(answer).as(each[0]).isEqualTo(NotFound.NOT_FOUND);
              case "retry" -> assertThat(answer).as(each[0]).isInstanceOf(Retry.class);
              default -> assertThat(Answer.of(answer)).as(each[0]).isEqualTo(Answer.found(each[1]));
            }
          }
          assertThat(SqlTables.ask(own, "k")).as("after " + each[0]).isEqualTo(Answer.found("k"));
          assertThat(SqlTables.ask(own, "k2")).as("after " + each[0]).isEqualTo(Answer.found("k2"));
        }
      }
    }
  }

  /** The one connection that there is shows whether something of an answer is left in it. */
  private static TestOpening opening(SqlTables tables, String config) throws Exception {
    return tables.opening(config).parameter("postern_pool_size", "1");
  }

  /** Sends a row whose value is said to be longer than the row, and the other rows later. */
  private static void brokenRow(byte[] read, OutputStream out)
      throws IOException, InterruptedException {
    String text = new String(read, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\u0006broken");
    if (at < 0) {
      out.write(read);
      return;
    }
    int rest = at + 1 + "broken".length();
    read[at] = (byte) 0xf0;
    out.write(read, 0, rest);
    Thread.sleep(Duration.ofMillis(500)); // Connector/J drops what is there before it asks again
    out.write(read, rest, read.length - rest);
  }

  @Test
  void theRestOfAnAnswerThatCannotBeReadIsNobodysAnswer() throws Exception {
    SqlTables tables = new SqlTables("mysql", directory);
    try (MysqlRelay relay =
        new MysqlRelay(server.port(), UnaryOperator.identity(), MysqlProtocolTest::brokenRow)) {
      String config = server.config("127.0.0.1:" + relay.port());
      try (TestOpening bad =
              opening(
                  tables,
                  config
                      + "query = SELECT IF(seq = 1, 'broken', 'left') FROM seq_1_to_100"
                      + " WHERE '%s' = 'k'\n");
          TestOpening good = opening(tables, config + OWN)) {
        Table table = bad.open(tables.driver);
        Table own = good.open(tables.driver);
        assertThat(catchThrowable(() -> SqlTables.lookup(table, "k"))).isNotNull();
        assertThat(SqlTables.ask(own, "k")).isEqualTo(Answer.found("k"));
        assertThat(SqlTables.ask(own, "k2")).isEqualTo(Answer.found("k2"));
      }
    }
  }
}
