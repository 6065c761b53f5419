package org.postern.host.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.postern.host.approval.Approved;
import org.postern.host.approval.Listed;
import org.postern.host.approval.Service;
import org.postern.host.approval.TableApproval;
import org.postern.host.config.Configuration;
import org.postern.host.config.Origin;
import org.postern.host.daemon.Daemon;
import org.postern.host.log.LogSetup;
import org.postern.host.plugin.InstalledPlugin;
import org.postern.host.plugin.PluginProblem;
import org.postern.host.plugin.Plugins;
import org.postern.host.table.DriverRegistry;
import org.postern.host.table.OpenTables;
import org.postern.host.table.TableInstance;
import org.postern.host.table.TableState;
import org.postern.host.text.ByteStrings;
import org.postern.spi.Access;
import org.postern.spi.TableUnavailableException;
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

  private final TextTable rows = new TextTable("SERVICE", "TABLE", "PLUGIN", "STATE", "LISTED IN");
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
      check(service, configuration, plugins, out);
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
      Service service, Configuration configuration, Plugins plugins, PrintWriter out) {
    if (Daemon.socket(configuration, service).isEmpty()) {
      return;
    }
    DriverRegistry drivers = plugins.drivers();
    TableApproval approval = TableApproval.of(configuration, service);
    approval.warnings().forEach(warning -> complain(out, warning));
    OpenTables read =
        new OpenTables(drivers, Access.READ_ONLY, configuration, Runnable::run, Runnable::run);
    OpenTables written =
        new OpenTables(drivers, Access.READ_WRITE, configuration, Runnable::run, Runnable::run);
    for (Approved approved : approval.tables()) {
      TableState state = read.get(approved.typeAndName(), 0).state();
      // Not at once for writing: that makes a table whose file is missing.
      if (state instanceof TableState.Ready(TableInstance instance)
          && instance.unavailableMembers().isEmpty()
          && service == Service.PROXYWRITE) {
        state = written.get(approved.typeAndName(), 0).state();
      }
      List<String> remedies = new ArrayList<>(remedies(state));
      List<String> description = remedies.isEmpty() ? describe(state, remedies) : List.of();
      wrong += remedies.size();
      row(
          service,
          approved.typeAndName(),
          remedies.isEmpty() ? "OK" : "wrong",
          approved.place(),
          plugins);
      read.get(approved.typeAndName(), 0)
          .servedFrom()
          .ifPresent(other -> rows.note("served from " + ByteStrings.printable(other)));
      remedies.forEach(rows::note);
      description.forEach(rows::note);
    }
    for (Listed listed : approval.listedWithoutProxy()) {
      boolean isInMainCf =
          listed.where().filter(where -> !(where instanceof Origin.Default)).isPresent();
      if (isInMainCf && drivers.driver(maptype(listed.typeAndName())).isPresent()) {
        row(service, listed.typeAndName(), "not proxied", listed.place(), plugins);
        rows.note("Postfix opens it itself; to proxy it: " + listed.lineToWrite());
      }
    }
    read.close();
    written.close();
  }

  /** What the table says of itself, or one more remedy when it cannot answer. */
  private static List<String> describe(TableState state, List<String> remedies) {
    if (!(state instanceof TableState.Ready(TableInstance instance))) {
      return List.of();
    }
    try {
      return instance.table().describe();
    } catch (TableUnavailableException e) {
      remedies.add(String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private void row(
      Service service, String typeAndName, String state, String place, Plugins plugins) {
    String plugin =
        plugins.installed().stream()
            .filter(installed -> installed.maptypes().contains(maptype(typeAndName)))
            .map(InstalledPlugin::id)
            .findFirst()
            .orElse("-");
    rows.row(service.serviceName(), ByteStrings.printable(typeAndName), plugin, state, place);
  }

  private static String maptype(String typeAndName) {
    return typeAndName.substring(0, typeAndName.indexOf(':'));
  }

  /** What is to be mended so that the table answers every lookup. */
  private static List<String> remedies(TableState state) {
    return switch (state) {
      case TableState.Unavailable unavailable -> List.of(unavailable.reason());
      case TableState.Ready(TableInstance instance) ->
          instance.unavailableMembers().stream()
              .map(member ->
                  "member "
                      + ByteStrings.printable(member.typeAndName())
                      + ": "
                      + member.why().reason())
              .toList();
      case TableState.Opening _ -> throw new IllegalStateException("opened by this thread");
    };
  }
}
