package org.postern.testservers;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that is asked of Postfix and of Postern, on the same rows in MariaDB, PostgreSQL and
 * SQLite.
 *
 * @param query the parameter {@code query}
 * @param parameters it and others, as lines of a .cf file
 */
public record ComparedTable(String query, String parameters) {
  private static final List<String> QUERIES =
      List.of(
          "SELECT target FROM alias WHERE address = '%s'",
          "SELECT target, n FROM alias WHERE address = '%u@%d'",
          "SELECT n FROM alias WHERE address LIKE '%u%%' ORDER BY n",
          "SELECT target FROM alias WHERE address = '%S' AND '%1' = 'com'",
          "SELECT '%u/%d/%1/%2'",
          "SELECT '%s', '%U' , '%D'",
          "SELECT 'it''s %s'",
          "SELECT target FROM alias WHERE n = '%s'",
          "SELECT target FROM alias WHERE n = %s",
          "SELECT extra FROM alias WHERE address = '%s'",
          "SELECT 1.50, 2, NULL",
          "SELECT target FROM alias WHERE address = lower('%s') -- a comment");

  private static final List<String> FORMATS =
      List.of("%s", "%u", "%d", "<%s>%%", "%S:%s", "%U@%d", "%D-%1", "fixed");

  private static final List<String> DOMAINS =
      List.of("", "example.com", "!example.com static:all", "other.org, inline:{example.com=1}");

  /** What each of them is asked for. */
  public static final List<String> KEYS =
      List.of(
          "info@example.com",
          "two@example.com",
          "many@example.com",
          "o'brien@example.com",
          "b\u00fccher@example.com",
          "back\\slash@example.com",
          "@example.com",
          "info@",
          "info",
          "1",
          "2",
          "7 or 1=1",
          "x@sub.other.org",
          "x@y@example.com",
          "double\"quote@example.com",
          "100%@example.com",
          "none@nowhere.net");

  private static final String ROWS =
      "('info@example.com','alice@example.com',1,NULL),('two@example.com','a@b',2,'second'),"
          + "('many@example.com','m@n.o, p@q.r',3,'x'),('o''brien@example.com','@quoted',4,NULL),"
          + "('b\u00fccher@example.com','gr\u00fc\u00dfe',5,NULL)";

  /** Every query, each with half of the result formats and all kinds of domain lists in turn. */
  public static List<ComparedTable> all() {
    List<ComparedTable> all = new ArrayList<>();
    for (int q = 0; q < QUERIES.size(); q++) {
      for (int f = q % 2; f < FORMATS.size(); f += 2) {
        String domain = DOMAINS.get((q + f) % DOMAINS.size());
        all.add(
            new ComparedTable(
                QUERIES.get(q),
                "query = %s\nresult_format = %s\nexpansion_limit = %d\n%s"
                    .formatted(
                        QUERIES.get(q),
                        FORMATS.get(f),
                        q % 2 * 9,
                        domain.isEmpty() ? "" : "domain = " + domain + "\n")));
      }
    }
    return all;
  }

  /**
   * Puts the rows into the table {@code alias}.
   *
   * @param database to whose default database it belongs
   */
  public static void fill(Connection database) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.execute("DELETE FROM alias");
      statement.execute("INSERT INTO alias VALUES " + ROWS);
    }
  }

  /** A key without quotes around it is SQL to Postfix, and a value to Postern. */
  public boolean isMeantToDiffer(String maptype, String key) {
    return (query.endsWith("= %s") && !key.matches("[0-9]+"))
        // An error to both, which costs a process of Postfix for each key.
        || (maptype.equals("pgsql") && query.endsWith("n = '%s'") && key.contains("example.com"));
  }
}
