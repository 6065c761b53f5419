package org.postern.program.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.postern.operations.check.CheckReport;
import org.postern.operations.check.CheckReport.CheckedTable;
import org.postern.operations.check.CheckReport.NotProxied;
import org.postern.operations.check.CheckReport.State;
import org.postern.platform.text.ByteStrings;

/** A check for people: what is wrong first, a line for each table that is well. */
final class CheckOutput {
  private CheckOutput() {}

  /**
   * Prints it.
   *
   * @param details whether to show what each table is connected to, and asks
   */
  static void print(CheckReport report, boolean details, PrintWriter out) {
    report.checkedBy().forEach(by -> out.println("checked by " + ByteStrings.visible(by)));
    report.problems().forEach(problem -> out.println("wrong: " + ByteStrings.visible(problem)));
    TextTable rows = new TextTable("SERVICE", "TABLE", "PLUGIN", "STATE", "LISTED IN");
    for (State state : List.of(State.WRONG, State.NOT_YET, State.OK)) {
      report.tables().stream()
          .filter(table -> table.state() == state)
          .forEach(table -> add(rows, table, details));
    }
    if (!report.tables().isEmpty()) {
      out.print(rows);
    }
    for (NotProxied tables : report.notProxied()) {
      out.println(
          ByteStrings.visible(
              "not proxied, Postfix opens it itself: "
                  + String.join(" ", tables.tables())
                  + ", in "
                  + tables.parameter()));
      out.println("    " + ByteStrings.visible(tables.advice()));
    }
    int wrong = report.wrong();
    out.println(
        wrong == 0 ? "all is well" : wrong + (wrong == 1 ? " thing" : " things") + " to fix");
  }

  private static void add(TextTable rows, CheckedTable table, boolean details) {
    rows.row(
        ByteStrings.visible(table.service()),
        ByteStrings.visible(table.table()),
        ByteStrings.visible(table.plugin()),
        state(table.state()),
        ByteStrings.visible(table.listedIn()));
    table.problems().forEach(problem -> rows.note(ByteStrings.visible(problem)));
    if (details || table.state() == State.NOT_YET) {
      table.details().forEach(detail -> rows.note(ByteStrings.visible(detail)));
    }
  }

  private static String state(State state) {
    return switch (state) {
      case OK -> "OK";
      case WRONG, NOT_YET -> state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }
}
