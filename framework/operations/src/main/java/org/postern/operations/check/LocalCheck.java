package org.postern.operations.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.postern.config.Configuration;
import org.postern.host.approval.Service;
import org.postern.host.approval.TableApproval;
import org.postern.host.table.OpenTables;
import org.postern.loader.DriverRegistry;
import org.postern.operations.check.CheckReport.CheckedTable;
import org.postern.operations.check.CheckReport.State;
import org.postern.spi.Access;

/** The check of a process that is no server, but has the rights of one. */
public final class LocalCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Where postern.service is when systemd starts Postern. */
  private static final List<Path> UNITS =
      Stream.of("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
          .map(folder -> Path.of(folder, "postern.service"))
          .toList();

  /** What that unit lets the server see nothing of: ProtectHome, PrivateTmp. */
  private static final List<String> HIDDEN =
      List.of("/home/", "/root/", "/run/user/", "/tmp/", "/var/tmp/");

  private LocalCheck() {}

  /**
   * Opens the approved tables of some services.
   *
   * @param problems that are known already
   * @param by who checks
   */
  public static CheckReport report(
      Configuration configuration,
      DriverRegistry drivers,
      List<Service> services,
      List<String> problems,
      String by)
      throws InterruptedException {
    List<CheckReport> reports = new ArrayList<>();
    reports.add(CheckReport.of(configuration, by, problems));
    for (Service service : services) {
      OpenTables tables =
          new OpenTables(
              drivers,
              service == Service.PROXYMAP ? Access.READ_ONLY : Access.READ_WRITE,
              configuration,
              Runnable::run,
              Runnable::run);
      TableApproval approval = TableApproval.of(configuration, service);
      reports.add(new ServiceCheck(approval, tables, PATIENCE).report(by));
      ServiceCheck.closeSoon(tables);
    }
    CheckReport report = CheckReport.of(reports);
    return UNITS.stream().anyMatch(Files::exists) ? withSandbox(report) : report;
  }

  private static CheckReport withSandbox(CheckReport report) {
    List<CheckedTable> tables = report.tables().stream().map(LocalCheck::withSandbox).toList();
    return new CheckReport(
        report.configuration(),
        report.checkedBy(),
        report.services(),
        report.problems(),
        tables,
        report.notProxied());
  }

  private static CheckedTable withSandbox(CheckedTable table) {
    String name = table.table().substring(table.table().indexOf(':') + 1);
    if (HIDDEN.stream().noneMatch(name::startsWith)) {
      return table;
    }
    List<String> problems = new ArrayList<>(table.problems());
    problems.add(
        name
            + ": postern.service does not see this directory (ProtectHome=yes, PrivateTmp=yes);"
            + " move the table elsewhere, or change the unit with \"systemctl edit postern\"");
    return new CheckedTable(
        table.service(),
        table.table(),
        table.plugin(),
        State.WRONG,
        table.listedIn(),
        problems,
        table.details());
  }
}
