package org.postern.driver.sql;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.postern.tablekit.Template;
import org.postern.tablekit.Template.Literal;

/**
 * Whether a query may change the connection that it is asked over, as {@code SET search_path TO a;
 * SELECT …} and {@code CALL p('%s')} may: another table's query over that connection could find
 * other rows. Postfix has a connection for each table.
 */
final class SessionChanges {
  private static final Set<String> HARMLESS = Set.of("select", "with", "values", "table", "show");
  private static final Pattern FIRST_WORD = Pattern.compile("[\\s(]*(\\w*).*", Pattern.DOTALL);

  private SessionChanges() {}

  static boolean mayBe(Template query) {
    StringBuilder text = new StringBuilder();
    for (Template.Piece piece : query.pieces()) {
      text.append(piece instanceof Literal(String literal) ? literal : "x");
    }
    String sql = text.toString().toLowerCase(Locale.ROOT).strip();
    int end = sql.indexOf(';');
    return (end >= 0 && !sql.substring(end).matches("[;\\s]*"))
        || sql.contains("set_config")
        || sql.contains(":=")
        || !HARMLESS.contains(FIRST_WORD.matcher(sql).replaceFirst("$1"));
  }
}
