package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.SearchScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.postern.platform.text.ByteText;
import org.postern.spi.Access;
import org.postern.spi.Table;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.DomainFilter;
import org.postern.tablekit.HostLimits;
import org.postern.tablekit.LookupTemplates;
import org.postern.tablekit.SharedPools;
import org.postern.tablekit.TableConfig;
import org.postern.tablekit.Template;

/** Reads a table's parameters, with Postfix's defaults and warnings: ldap_table(5). */
final class TableFile {
  private static final String SEPARATORS = "[, \\t\\r\\n]+";
  private static final int RECURSION_LIMIT = 1000;

  private final TableOpening opening;
  private final TableConfig config;

  TableFile(TableOpening opening) throws TableUnavailableException {
    this.opening = opening;
    this.config = TableConfig.read(opening);
  }

  Table open(SharedPools<ConnectionSettings, Directory> directories)
      throws TableUnavailableException {
    if (opening.access() != Access.READ_ONLY) {
      throw new TableUnavailableException(
          "ldap:" + config.name() + " map requires O_RDONLY access mode");
    }
    ConnectionSettings connection = new ConnectionFile(config, opening).read();
    TableSettings settings = settings();
    DomainFilter domains = DomainFilter.read(config, opening);
    for (String old : List.of("cache", "cache_expiry", "cache_size")) {
      if (config.string(old).isPresent()) {
        warn(" ignoring " + old);
      }
    }
    config.integer("debuglevel", 0, 0, 0);
    for (String parameter : config.unread()) {
      String text = config.name() + ": unused parameter: " + parameter;
      opening.logger().log(System.Logger.Level.INFO, text);
    }
    HostLimits limits = HostLimits.of(opening.parameters());
    return new LdapTable(
        settings,
        domains,
        directories.lease(connection, key -> new Directory(key, limits, opening.logger())),
        opening.logger());
  }

  private TableSettings settings() throws TableUnavailableException {
    LookupTemplates templates = new LookupTemplates(config, opening.logger());
    String base = config.string("search_base", "", 0);
    config.text("search_base", base);
    String filter =
        SearchFilter.compact(config.string("query_filter", "(mailacceptinggeneralid=%s)", 0));
    SearchScope scope = scope();
    int expansionLimit = limit("expansion_limit", 0);
    return new TableSettings(
        config.name(),
        ByteText.printable(
            "%s at \"%s\", scope %s"
                .formatted(filter, base, scope.getName().toLowerCase(Locale.ROOT))),
        templates,
        templates.query(base),
        filter(filter, templates),
        templates.result(format()),
        scope,
        attributes(),
        config.integer("recursion_limit", RECURSION_LIMIT, 1, 0),
        expansionLimit,
        limit("size_limit", expansionLimit),
        dereference(),
        config.bool("chase_referrals", false));
  }

  private Template filter(String text, LookupTemplates templates) throws TableUnavailableException {
    Template filter = templates.query(text);
    if (filter.isConstant()) {
      warn(": Fixed query_filter " + text + " is probably useless");
    }
    return filter;
  }

  private String format() throws TableUnavailableException {
    String format = config.string("result_format", "", 0);
    return format.isEmpty() ? config.string("result_filter", "%s", 1) : format;
  }

  private SearchScope scope() throws TableUnavailableException {
    String scope = config.string("scope", "sub", 1);
    return switch (scope.toLowerCase(Locale.ROOT)) {
      case "sub" -> SearchScope.SUB;
      case "base" -> SearchScope.BASE;
      case "one" -> SearchScope.ONE;
      default -> {
        warn(": Unrecognized value " + scope + " specified for scope; using sub");
        yield SearchScope.SUB;
      }
    };
  }

  private ResultAttributes attributes() throws TableUnavailableException {
    return new ResultAttributes(
        names("terminal_result_attribute", ""),
        names("leaf_result_attribute", ""),
        names("result_attribute", "maildrop"),
        names("special_result_attribute", ""));
  }

  private List<String> names(String parameter, String otherwise) throws TableUnavailableException {
    List<String> names = new ArrayList<>();
    for (String word : words(config.string(parameter, otherwise, 0))) {
      if (ByteText.isAscii(word)) {
        names.add(word);
      } else {
        // An entry has none of such a name, and Postfix goes on without.
        warn(": no attribute has the name " + ByteText.printable(word) + " in " + parameter);
      }
    }
    return names;
  }

  /** Postfix splits such lists at commas and white space. */
  static List<String> words(String text) {
    return Stream.of(text.split(SEPARATORS)).filter(word -> !word.isEmpty()).toList();
  }

  private int limit(String parameter, int otherwise) throws TableUnavailableException {
    int limit = config.integer(parameter, otherwise, 0, 0);
    if (limit < 0) {
      throw new TableUnavailableException(
          "%s: invalid %s parameter value %d < 0".formatted(config.name(), parameter, limit));
    }
    return limit;
  }

  private DereferencePolicy dereference() throws TableUnavailableException {
    int value = config.integer("dereference", 0, 0, 0);
    return switch (value) {
      case 0 -> DereferencePolicy.NEVER;
      case 1 -> DereferencePolicy.SEARCHING;
      case 2 -> DereferencePolicy.FINDING;
      case 3 -> DereferencePolicy.ALWAYS;
      default -> {
        warn(" Unrecognized value " + value + " specified for dereference; using 0");
        yield DereferencePolicy.NEVER;
      }
    };
  }

  private void warn(String text) {
    opening.logger().log(System.Logger.Level.WARNING, config.name() + text);
  }
}
