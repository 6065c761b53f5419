package org.postern.driver.sql;

import java.util.Optional;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.TableConfig;

/** The query that the parameters of the time before Postfix 2.2 stand for. */
final class LegacyQuery {

  private LegacyQuery() {}

  /** The parameter {@code query}, or else what the older ones say. A byte string. */
  static String of(TableConfig config) throws TableUnavailableException {
    Optional<String> query = config.string("query");
    if (query.isPresent() && !query.get().isEmpty()) {
      return query.get();
    }
    String table = config.string("table", "", 1);
    String selected = config.string("select_field", "", 1);
    String where = config.string("where_field", "", 1);
    return "SELECT %s FROM %s WHERE %s='%%s' %s"
        .formatted(selected, table, where, config.string("additional_conditions").orElse(""));
  }
}
