package org.postern.program.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.postern.config.Configuration;
import org.postern.host.Host;
import org.postern.host.approval.Service;
import org.postern.loader.PluginProblem;
import org.postern.loader.Plugins;
import org.postern.operations.admin.AdminClient;
import org.postern.operations.admin.AdminException;
import org.postern.operations.admin.AdminRequest;
import org.postern.operations.admin.AdminSocket;
import org.postern.operations.check.CheckReport;
import org.postern.operations.check.LocalCheck;
import org.postern.operations.json.RecordJson;
import org.postern.platform.libc.ProcessIdentity;
import org.postern.platform.text.ByteStrings;
import org.postern.program.log.LogSetup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern check}: whether every approved table would answer. */
@Command(
    name = "check",
    description = "Opens every approved table and says what is wrong, and what to write.",
    footer = {
      "",
      "The running server is asked, if there is one. Otherwise, and with --local or -o, the command",
      "looks by itself, as mail_owner if root runs it: as the server would. Databases and directories",
      "are asked for a key that nobody has, so that a query which cannot be asked is found too.",
      "With -v it shows of each table what it is connected to and what it asks. Exit status is 1 if",
      "anything is wrong."
    },
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Mixin CommonOptions options = new CommonOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--local", description = "Asks no running server.")
  boolean local;

  @Option(names = "--json", description = "Prints it as a JSON object.")
  boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Configuration configuration = options.configuration();
    LogSetup.quiet();
    List<CheckReport> reports = new ArrayList<>();
    if (!local && !options.hasOverrides()) {
      for (Path place : AdminSocket.places(configuration)) {
        ask(place, configuration).ifPresent(reports::add);
      }
    }
    List<Service> left = new ArrayList<>();
    for (Service service : Service.values()) {
      if (reports.stream().noneMatch(report -> report.services().contains(service.serviceName()))
          && Host.socket(configuration, service).isPresent()) {
        left.add(service);
      }
    }
    if (!left.isEmpty()) {
      reports.add(here(configuration, left));
    }
    CheckReport report = CheckReport.of(reports);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      RecordJson.write(report, bytes);
      out.print(bytes.toString(UTF_8));
    } else {
      CheckOutput.print(report, options.verbosity() > 0, out);
    }
    out.flush();
    return report.wrong() == 0 ? 0 : Postern.FAILURE;
  }

  /** What a server of this configuration says; empty when there is none that can be asked. */
  private static Optional<CheckReport> ask(Path place, Configuration configuration)
      throws IOException {
    if (!Files.exists(place)) {
      return Optional.empty();
    }
    try {
      CheckReport report =
          AdminClient.read(CheckReport.class, AdminClient.ask(place, AdminRequest.of("check")));
      String directory = configuration.configDirectory().toString();
      return Optional.of(report).filter(one -> one.configuration().contains(directory));
    } catch (AdminException e) {
      // One from before an upgrade, say.
      String problem = "the running server cannot check: " + e.getMessage();
      return Optional.of(CheckReport.of(configuration, "the server at " + place, List.of(problem)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** As the server would be: with the rights of mail_owner. */
  private static CheckReport here(Configuration configuration, List<Service> services)
      throws IOException, InterruptedException {
    List<String> problems = new ArrayList<>(configuration.warnings());
    Plugins plugins = CommonOptions.plugins(configuration);
    plugins.problems().stream().map(PluginProblem::toString).forEach(problems::add);
    String owner = ByteStrings.decode(configuration.get("mail_owner").orElse(""));
    if (ProcessIdentity.isRoot()) {
      plugins.holdArchives();
      try {
        ProcessIdentity.become(owner);
      } catch (IOException e) {
        problems.add("parameter mail_owner: " + e.getMessage());
      }
    }
    String user = ProcessIdentity.userName();
    String by =
        "this command, as "
            + user
            + (user.equals(owner) ? "" : ", not as mail_owner, which is " + owner);
    return LocalCheck.report(configuration, plugins.drivers(), services, problems, by);
  }
}
