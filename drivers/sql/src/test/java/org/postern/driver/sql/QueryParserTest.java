package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.tablekit.LookupTemplates;
import org.postern.tablekit.TableConfig;
import org.postern.tablekit.Template;
import org.postern.testkit.TestOpening;

/** Where keys are bound, and where they can only be put into the text. */
class QueryParserTest {
  private static final SqlSyntax MYSQL = new SqlSyntax(true, true, true, false, false);
  private static final SqlSyntax PGSQL = new SqlSyntax(false, false, false, true, true);

  @TempDir Path directory;

  private QueryPlan plan(String query, SqlSyntax syntax, boolean backslashes) throws Exception {
    Path file = directory.resolve("t.cf");
    Files.writeString(file, "");
    try (TestOpening opening = TestOpening.of("mysql", file)) {
      LookupTemplates templates = new LookupTemplates(TableConfig.read(opening), opening.logger());
      Template template = templates.query(query);
      return QueryParser.parse(template, syntax, backslashes, true);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SELECT v FROM t WHERE k = '%s'            | SELECT v FROM t WHERE k = ?            | [%s]",
        "SELECT v FROM t WHERE k='%u@%d'           | SELECT v FROM t WHERE k=?              | [%u@%d]",
        "SELECT v FROM t WHERE k LIKE '%%%s%%'     | SELECT v FROM t WHERE k LIKE ?         | [%%s%]",
        "SELECT v FROM t WHERE k IN ('%s', '%1')   | SELECT v FROM t WHERE k IN (?, ?)      | [%s, %1]",
        "SELECT v FROM t WHERE id = %s             | SELECT v FROM t WHERE id = ?           | [%s]",
        "SELECT '%s' AS v                          | SELECT ? AS v                          | [%s]",
        "SELECT 'it''s %s'                         | SELECT ?                               | [it's %s]",
        "CALL lookup('%s')                         | CALL lookup(?)                         | [%s]",
        "SELECT lookup(%s)                         | SELECT lookup(?)                       | [%s]",
        "SELECT v FROM t_%1 WHERE k = '%s'         | SELECT v FROM t_%1 WHERE k = ?         | [%s]",
        "SELECT v FROM %d WHERE k = '%u'           | SELECT v FROM %d WHERE k = ?           | [%u]",
        "SELECT v AS '%s' FROM t                   | SELECT v AS '%s' FROM t                | []",
        "SELECT 'a' '%s'                           | SELECT 'a' '%s'                        | []",
        "SELECT N'%s'                              | SELECT N'%s'                           | []",
        "SELECT v FROM t ORDER BY '%s'             | SELECT v FROM t ORDER BY '%s'          | []",
        "SELECT v FROM t WHERE k='%s' -- of %s'  | SELECT v FROM t WHERE k=? -- of '         | [%s]",
        "SELECT v /* '%s */ FROM t WHERE k='%s'    | SELECT v /* ' */ FROM t WHERE k=?      | [%s]",
        "SELECT DATE '%s'                          | SELECT DATE '%s'                       | []",
        "SELECT '%s                                | SELECT '%s                             | []",
      })
  void aLiteralBecomesAParameterWhereOneCanStand(String query, String sql, String parameters)
      throws Exception {
    QueryPlan plan = plan(query, PGSQL, false);
    assertThat(plan.shown()).isEqualTo(sql);
    assertThat(plan.shownParameters()).hasToString(parameters);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SELECT '\\'%s'   | true  | SELECT ?          | ['%s]",
        "SELECT 'a\\\\%s' | true  | SELECT ?          | [a\\%s]",
        "SELECT '\\%s'    | true  | SELECT '\\%s'     | []",
        "SELECT '\\%s'    | false | SELECT ?          | [\\%s]",
        "SELECT '\\n%s'   | true  | SELECT '\\n%s'    | []",
        "SELECT \"%s\"    | true  | SELECT \"%s\"     | []",
        "SELECT `%s`      | true  | SELECT `%s`       | []",
        "SELECT v # '%s'  | true  | SELECT v # ''     | []",
      })
  void backslashesCountAsTheConnectionReadsThem(
      String query, boolean backslashes, String sql, String parameters) throws Exception {
    QueryPlan plan = plan(query, MYSQL, backslashes);
    assertThat(plan.shown()).isEqualTo(sql);
    assertThat(plan.shownParameters()).hasToString(parameters);
  }
}
