package org.postern.driver.sql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.Postmap;
import org.postern.testkit.TestOpening;
import org.postern.testservers.MariaDb;
import org.postern.testservers.Postgres;

/** Parameters of a table that are not UTF-8. Nothing becomes another text. */
@Timeout(120)
class NotUtf8Test {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "mysql, user", "mysql, dbname", "mysql, hosts", "mysql, option_file", "mysql, tls_CAfile",
    "pgsql, user", "pgsql, dbname", "pgsql, hosts", "sqlite, dbpath", "sqlite, domain",
  })
  void theLineAndTheParameterAreNamed(String maptype, String parameter) throws Exception {
    SqlTables tables = new SqlTables(maptype, directory);
    String others =
        switch (maptype) {
          case "sqlite" -> "dbpath = " + Files.createFile(directory.resolve("db"));
          default -> "dbname = x";
        };
    String text = "query = SELECT '%s'\n" + others + "\n" + parameter + " = /tmp/stra\u00dfe\n";
    TestOpening opening = tables.opening(text.getBytes(ISO_8859_1));
    assertThatThrownBy(() -> opening.open(tables.driver))
        .hasMessage(
            opening.name() + ", line 3: " + parameter + " is not UTF-8: save the file in UTF-8");
  }

  @Test
  void theBytesOfAPasswordReachPostgresql() throws Exception {
    try (Postgres server = new Postgres()) {
      // md5 of the bytes s, 0xfc, and the name
      server.execute(
          "CREATE ROLE strange LOGIN PASSWORD 'md5" + md5("s\u00fcstrange") + "'",
          "CREATE ROLE proven LOGIN PASSWORD 's3cr3t'");
      server.putBefore("pg_hba.conf", "host mail strange 127.0.0.1/32 md5");
      SqlTables tables = new SqlTables("pgsql", directory);
      String config =
          "hosts = 127.0.0.1:%d\ndbname = mail\nquery = SELECT '%%s'\n".formatted(server.port());
      try (TestOpening opening =
          tables.opening((config + "user = strange\npassword = s\u00fc\n").getBytes(ISO_8859_1))) {
        assertThat(SqlTables.ask(opening.open(tables.driver), "k")).isEqualTo(Answer.found("k"));
      }
      TestOpening opening =
          tables.opening((config + "user = proven\npassword = s\u00fc\n").getBytes(ISO_8859_1));
      Table table = opening.open(tables.driver);
      assertThat(SqlTables.lookup(table, "k"))
          .isInstanceOfSatisfying(
              Retry.class,
              retry -> assertThat(retry.reason()).contains("the password is not UTF-8: save the"));
      table.close();
    }
  }

  private static String md5(String bytes) throws Exception {
    return java.util.HexFormat.of()
        .formatHex(
            java.security.MessageDigest.getInstance("MD5").digest(bytes.getBytes(ISO_8859_1)));
  }

  @Test
  void theBytesOfAUserReachMysqlAsFromTheLibrary() throws Exception {
    Postmap postmap = Postmap.orSkip(directory, "mysql");
    MariaDb server = MariaDb.shared();
    server.execute(
        "CREATE OR REPLACE USER 'j\u00fcrgen'@'%' IDENTIFIED BY 's3cr3t'",
        "CREATE DATABASE IF NOT EXISTS `b\u00fcro`",
        "GRANT ALL ON `b\u00fcro`.* TO 'j\u00fcrgen'@'%'");
    SqlTables tables = new SqlTables("mysql", directory);
    String config =
        "hosts = 127.0.0.1:%d\npassword = s3cr3t\nquery = SELECT HEX(CONCAT(USER(), DATABASE(), '%%s'))\n"
            .formatted(server.port());
    Path options = directory.resolve("latin1.cnf");
    Files.writeString(options, "[client]\ndefault-character-set = latin1\n");
    Path optionsWithUser = directory.resolve("user.cnf");
    Files.write(
        optionsWithUser,
        "[client]\ndefault-character-set = latin1\nuser = j\u00fcrgen\n".getBytes(ISO_8859_1));
    for (byte[] text :
        new byte[][] {
          (config + "user = j\u00c3\u00bcrgen\ndbname = b\u00c3\u00bcro\n").getBytes(ISO_8859_1),
          (config
                  + "charset = latin1\nuser = j\u00fcrgen\ndbname = b\u00fcro\noption_file = "
                  + options
                  + "\n")
              .getBytes(ISO_8859_1),
          (config + "charset = latin1\ndbname = b\u00fcro\noption_file = " + optionsWithUser + "\n")
              .getBytes(ISO_8859_1)
        }) {
      try (TestOpening opening = tables.opening(text)) {
        String ours = SqlTables.askBytes(opening.open(tables.driver), "k");
        assertThat(ours).as(opening.name()).startsWith("found \"6A");
        if (!new String(text, ISO_8859_1).contains("user.cnf")) {
          // Postfix does not take the user from the file.
          String theirs = postmap.run(new byte[0], "-q", "k", "mysql:" + opening.name()).text();
          assertThat(ours).isEqualTo(Answer.found(theirs.stripTrailing()));
        }
      }
    }
  }
}
