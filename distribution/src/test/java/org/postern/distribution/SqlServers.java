package org.postern.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.postern.testservers.ComparedTable;
import org.postern.testservers.MariaDb;
import org.postern.testservers.Postgres;
import org.postern.testservers.TestServer;

/**
 * A MariaDB, a PostgreSQL and an SQLite file with the same rows, and the files that go with them.
 */
final class SqlServers implements AutoCloseable {
  private static final List<String> SAME_EVERYWHERE =
      List.of(
          "INSERT INTO alias VALUES ('empty@example.com','',6,NULL),"
              + "('null@example.com',NULL,7,NULL)",
          "CREATE TABLE more (k VARCHAR(99), v VARCHAR(99), w VARCHAR(99), n INT)",
          "INSERT INTO more VALUES ('empty','',NULL,1),('null',NULL,NULL,2),('some','a','',3),"
              + "('some','','b',4),('some',NULL,'c',5),('commas','a,b','c d',6),"
              + "('spaces',' x ','  ',7)");

  private static final List<String> MARIADB_ONLY =
      List.of(
          "CREATE PROCEDURE one(k TEXT) SELECT target FROM alias WHERE address = k",
          "CREATE PROCEDURE nothing(k TEXT) DO 1",
          "CREATE PROCEDURE two(k TEXT) BEGIN SELECT 'first'; SELECT 'second'; END",
          "CREATE PROCEDURE emptyAndOne(k TEXT) BEGIN SELECT 1 FROM alias WHERE 1 = 0;"
              + " SELECT 'second'; END",
          "CREATE PROCEDURE oneAndEmpty(k TEXT) BEGIN SELECT 'first';"
              + " SELECT 1 FROM alias WHERE 1 = 0; END",
          "CREATE PROCEDURE changes(k TEXT) UPDATE more SET n = n WHERE n = 1",
          "CREATE PROCEDURE changesAndOne(k TEXT) BEGIN UPDATE more SET n = n WHERE n = 1;"
              + " SELECT target FROM alias WHERE address = k; END",
          "CREATE PROCEDURE failing(k TEXT) SIGNAL SQLSTATE '45000' SET message_text = 'not so'",
          "CREATE FUNCTION tripled(k TEXT) RETURNS TEXT DETERMINISTIC RETURN CONCAT(k, k, k)",
          "CREATE TABLE kinds (d DOUBLE, f FLOAT, m DECIMAL(9,3), t DATETIME, y YEAR, b BLOB,"
              + " e ENUM('x','y'), s SET('p','q'), bits TINYINT(1))",
          "INSERT INTO kinds VALUES (1.5e300, 0.25, 12.340, '2020-02-03 04:05:06', 2024, 'blob',"
              + " 'y', 'p,q', 1)");

  private static final List<String> POSTGRES_ONLY =
      List.of(
          "CREATE FUNCTION twice(text) RETURNS text LANGUAGE sql AS 'SELECT $1 || $1'",
          "CREATE FUNCTION rows_of(text) RETURNS SETOF text LANGUAGE sql"
              + " AS 'SELECT target FROM alias WHERE address LIKE ''%'' || $1 ORDER BY n'",
          "ALTER TABLE more OWNER TO mail");

  private final Path directory;
  private final MariaDb mariaDb;
  private final Postgres postgres;

  /** Starts them, with files in a directory that others may read. */
  SqlServers(Path directory) throws Exception {
    this.directory = Files.createDirectories(directory);
    mariaDb = new MariaDb("--skip-ssl", "--max-connections=500");
    postgres = new Postgres("max_connections=200");
    for (TestServer server : List.of(mariaDb, postgres)) {
      try (Connection connection = server.tables()) {
        fill(connection, server instanceof MariaDb ? MARIADB_ONLY : POSTGRES_ONLY);
      }
    }
    try (Connection connection = sqlite("db.sqlite");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE alias (address TEXT, target TEXT, n INT, extra TEXT)");
      fill(connection, List.of());
    }
    try (Connection connection = sqlite("other.sqlite");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE other (k, v)");
      statement.execute("INSERT INTO other VALUES ('k', 17)");
    }
    write("client.cnf", "[client]\ndefault-character-set = utf8mb4\n");
    write(
        "client-user.cnf",
        "[client]\nuser = mail\npassword = \"s3cr3t\"\ndefault-character-set = utf8mb4\n");
    write(
        "groups.cnf",
        """
        # a comment
        [client]
        default_character_set=utf8mb4
        user=wrong
        [other]
        user=other
        [postfix]
        user = mail
        password='s3cr3t'
        """);
    write("domains", "# those that count\nother.org\nexample.com, third.net\n");
    write("domains.re", "/^example\\.com$/ yes\n");
  }

  private Connection sqlite(String name) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(name));
  }

  private static void fill(Connection connection, List<String> more) throws SQLException {
    ComparedTable.fill(connection);
    try (Statement statement = connection.createStatement()) {
      for (String sql : SAME_EVERYWHERE) {
        statement.execute(sql);
      }
      for (String sql : more) {
        statement.execute(sql);
      }
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  Path directory() {
    return directory;
  }

  /** The lines that every table of a type has. */
  String config(String maptype) {
    return switch (maptype) {
      case "mysql" -> mariaDb.config() + "option_file = " + directory + "/client.cnf\n";
      // Postfix 3.7 talks LATIN1 to PostgreSQL.
      case "pgsql" -> postgres.config() + "encoding = LATIN1\n";
      default -> "dbpath = " + directory + "/db.sqlite\n";
    };
  }

  /** A text with the places of a type's server put in. */
  String placed(String maptype, String text) {
    TestServer server = maptype.equals("mysql") ? mariaDb : postgres;
    return text.replace("@DIRECTORY@", directory.toString())
        .replace("@PORT@", Integer.toString(server.port()))
        .replace("@SOCKET@", server.socket().toString())
        .replace(
            "@SOCKETDIRECTORY@", Objects.requireNonNull(server.socket().getParent()).toString());
  }

  @Override
  public void close() throws IOException {
    mariaDb.close();
    postgres.close();
  }
}
