package org.postern.operations.check;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.postern.config.Configuration;

/**
 * What was found. Texts are printable, and hold no password.
 *
 * @param configuration the directories that were read: one
 * @param checkedBy who has looked: a server, or the command, and as which user
 * @param services those whose tables were looked at
 * @param problems what is wrong, but with one table
 * @param tables the approved ones, in the order of the lists
 * @param notProxied those that are listed, and that Postfix opens by itself
 */
public record CheckReport(
    List<String> configuration,
    List<String> checkedBy,
    List<String> services,
    List<String> problems,
    List<CheckedTable> tables,
    List<NotProxied> notProxied) {

  /** How a table is. */
  public enum State {
    /** It would answer now. */
    OK,
    /** Lookups are RETRY, for all keys or some. */
    WRONG,
    /** A cache that is made when it is first used. */
    NOT_YET
  }

  /**
   * An approved table.
   *
   * @param service {@code proxymap} or {@code proxywrite}
   * @param table {@code type:name}
   * @param plugin that serves the type, or {@code -}
   * @param listedIn the parameter that approves it, and where it is set
   * @param problems why it is wrong: none if it is not
   * @param details what it is connected to, and what it will ask
   */
  public record CheckedTable(
      String service,
      String table,
      String plugin,
      State state,
      String listedIn,
      List<String> problems,
      List<String> details) {}

  /**
   * Tables that one parameter names without {@code proxy:}.
   *
   * @param parameter with the place where it is set
   * @param advice what to write to have them proxied, or why that is not possible
   */
  public record NotProxied(String parameter, List<String> tables, String advice) {}

  /** A report of what is wrong, but with one table. */
  public static CheckReport of(Configuration configuration, String by, List<String> problems) {
    return new CheckReport(
        List.of(configuration.configDirectory().toString()),
        List.of(by),
        List.of(),
        problems,
        List.of(),
        List.of());
  }

  /** How many things there are to fix. */
  public int wrong() {
    return problems.size() + tables.stream().mapToInt(table -> table.problems().size()).sum();
  }

  /** What several servers have found, as one. */
  public static CheckReport of(List<CheckReport> reports) {
    return new CheckReport(
        join(reports.stream().map(CheckReport::configuration)),
        join(reports.stream().map(CheckReport::checkedBy)),
        join(reports.stream().map(CheckReport::services)),
        join(reports.stream().map(CheckReport::problems)),
        join(reports.stream().map(CheckReport::tables)),
        join(reports.stream().map(CheckReport::notProxied)));
  }

  private static <T> List<T> join(Stream<List<T>> lists) {
    return new ArrayList<>(lists.flatMap(List::stream).distinct().toList());
  }
}
