package org.postern.host.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.postern.host.approval.Approved;
import org.postern.host.approval.Listed;
import org.postern.host.approval.Service;
import org.postern.host.approval.TableApproval;
import org.postern.host.config.Configuration;
import org.postern.host.config.Origin;
import org.postern.host.daemon.Daemon;
import org.postern.host.log.LogSetup;
import org.postern.host.plugin.PluginProblem;
import org.postern.host.plugin.Plugins;
import org.postern.host.table.DriverRegistry;
import org.postern.host.table.OpenTables;
import org.postern.host.table.TableState;
import org.postern.host.text.ByteStrings;
import org.postern.spi.Access;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code postern check}: what the daemon would do with this configuration. */
@Command(
    name = "check",
    description = "Reads the configuration as the daemon would, and opens every approved table.",
    footer = {"", "Exit status is 1 if anything is wrong."},
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Mixin CommonOptions options = new CommonOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  private final TextTable rows = new TextTable("SERVICE", "TABLE", "STATE", "LISTED IN");
  private int wrong;

  @Override
  public Integer call() {
    Configuration configuration = options.configuration();
    LogSetup.quiet();
    PrintWriter out = spec.commandLine().getOut();
    for (String warning : configuration.warnings()) {
      complain(out, warning);
    }
    Plugins plugins = CommonOptions.plugins(configuration);
    for (PluginProblem problem : plugins.problems()) {
      complain(out, problem.toString());
    }
    for (Service service : Service.values()) {
      check(service, configuration, plugins.drivers(), out);
    }
    out.print(rows);
    out.println(
        wrong == 0 ? "all is well" : wrong + (wrong == 1 ? " thing" : " things") + " to mend");
    out.flush();
    return wrong == 0 ? 0 : Postern.FAILURE;
  }

  private void complain(PrintWriter out, String text) {
    out.println("wrong: " + text);
    wrong++;
  }

  private void check(
      Service service, Configuration configuration, DriverRegistry drivers, PrintWriter out) {
    if (Daemon.socket(configuration, service).isEmpty()) {
      return;
    }
    TableApproval approval = TableApproval.of(configuration, service);
    approval.warnings().forEach(warning -> complain(out, warning));
    OpenTables tables =
        new OpenTables(
            drivers,
            service == Service.PROXYMAP ? Access.READ_ONLY : Access.READ_WRITE,
            configuration,
            Runnable::run,
            Runnable::run);
    for (Approved approved : approval.tables()) {
      rows.row(
          service.serviceName(),
          ByteStrings.printable(approved.typeAndName()),
          state(approved.typeAndName(), tables, drivers),
          where(approved.parameter(), approved.where().map(Object::toString).orElse("")));
    }
    for (Listed listed : approval.listedWithoutProxy()) {
      String maptype = listed.typeAndName().substring(0, listed.typeAndName().indexOf(':'));
      boolean written =
          listed.where().filter(where -> !(where instanceof Origin.Default)).isPresent();
      if (written && drivers.driver(maptype).isPresent()) {
        rows.row(
            service.serviceName(),
            ByteStrings.printable(listed.typeAndName()),
            "not proxied: Postfix opens it itself; to proxy it: " + listed.lineToWrite(),
            where(listed.parameter(), listed.where().map(Object::toString).orElse("")));
      }
    }
    tables.close();
  }

  private static String where(String parameter, String place) {
    return place.isEmpty() ? parameter : parameter + " (" + place + ")";
  }

  private String state(String typeAndName, OpenTables tables, DriverRegistry drivers) {
    return switch (tables.get(typeAndName, 0).state()) {
      case TableState.Ready _ -> "OK";
      case TableState.Unavailable(String reason, boolean supported) -> {
        wrong++;
        yield "wrong: "
            + reason
            + (supported
                ? ""
                : "; install a plugin that brings this type, or use one of: "
                    + String.join(" ", drivers.maptypes()));
      }
      case TableState.Opening _ -> throw new IllegalStateException("opened on this thread");
    };
  }
}
