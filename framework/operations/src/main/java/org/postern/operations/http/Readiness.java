package org.postern.operations.http;

import java.util.List;
import org.postern.host.approval.Service;
import org.postern.operations.status.StatusReport;
import org.postern.operations.status.TableStatus;
import org.postern.operations.status.TableStatus.State;

/** Whether every table that may be asked for would answer. */
final class Readiness {
  private Readiness() {}

  /** A line for each table, those that would not answer first; the status says whether all do. */
  static Page of(StatusReport report) {
    List<TableStatus> tables = report.tables().stream().filter(TableStatus::approved).toList();
    List<TableStatus> wrong = tables.stream().filter(table -> !isReady(table)).toList();
    StringBuilder text = new StringBuilder(wrong.isEmpty() ? "ready\n" : "not ready\n");
    wrong.forEach(table -> text.append(line("wrong", table)));
    tables.stream().filter(Readiness::isReady).forEach(table -> text.append(line("ok", table)));
    return Page.text(wrong.isEmpty() ? 200 : 503, text.toString());
  }

  /** One that may be changed is opened when it is asked for: that can make its file. */
  private static boolean isReady(TableStatus table) {
    return table.isReady()
        || (table.state() == State.NOT_ASKED
            && table.service().equals(Service.PROXYWRITE.serviceName()));
  }

  private static String line(String judgement, TableStatus table) {
    String state =
        switch (table.state()) {
          case NOT_ASKED -> "not asked for yet";
          case OPENING -> "being opened";
          case OPEN -> "open";
          case UNAVAILABLE -> "unavailable";
        };
    return "%-5s %s %s: %s%s%n"
        .formatted(
            judgement,
            table.service(),
            table.table(),
            state,
            table.trouble().map(why -> ": " + why).orElse(""));
  }
}
