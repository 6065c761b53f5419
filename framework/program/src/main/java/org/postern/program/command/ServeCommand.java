package org.postern.program.command;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.postern.config.Configuration;
import org.postern.loader.PluginProblem;
import org.postern.loader.Plugins;
import org.postern.operations.admin.AdminServer;
import org.postern.operations.admin.AdminSocket;
import org.postern.platform.libc.FileCreation;
import org.postern.platform.libc.ProcessIdentity;
import org.postern.platform.text.ByteStrings;
import org.postern.program.daemon.Administration;
import org.postern.program.daemon.Daemon;
import org.postern.program.daemon.Preload;
import org.postern.program.daemon.Reloading;
import org.postern.program.daemon.ServiceManager;
import org.postern.program.daemon.Signals;
import org.postern.program.log.LogSetup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code postern serve}: the daemon, in the foreground. Told to picocli without annotations, as
 * {@link CommonOptions} are.
 */
final class ServeCommand implements Callable<Integer> {
  static final String NAME = "serve";

  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  private final CommonOptions options = new CommonOptions();
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name(NAME);

  private ServeCommand() {
    spec.versionProvider(new Postern.Version())
        .usageMessage()
        .description("Runs the daemon in the foreground.")
        .footer(
            "",
            "Prints one line when it listens. SIGTERM (or Ctrl-C) answers the requests in hand and"
                + " ends;",
            "SIGHUP reads the configuration again, which it also does by itself when its files change.",
            "Started by root, it becomes mail_owner.");
    options.addTo(spec);
    spec.addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help message and exit.")
                .build())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print version information and exit.")
                .build());
  }

  static CommandLine commandLine() {
    return new CommandLine(new ServeCommand().spec);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    int _ = FileCreation.umask(FileCreation.PRIVATE);
    Signals signals = Signals.listen();
    Configuration configuration = options.configuration();
    if (configuration.bool("postern_log_json")) {
      LogSetup.json();
    }
    Runnable sayRepeats = LogSetup.daemon(configuration.integer("postern_log_line_limit"));
    configuration.warnings().forEach(LOG::warn);
    Plugins plugins = CommonOptions.pluginsOfInstallation(configuration);
    if (ProcessIdentity.isRoot()) {
      plugins.holdArchives();
    }
    Daemon daemon =
        Daemon.start(
            configuration,
            plugins::drivers,
            () -> {
              dropPrivileges(configuration);
              // No code of a vendor's runs as root.
              CommonOptions.addVendors(plugins, configuration);
              plugins.problems().forEach(problem -> LOG.error("{}", problem));
            });
    Reloading reloading =
        new Reloading(daemon, configuration, options::configurationAnew).watching();
    Administration administration =
        new Administration(
            daemon, reloading, plugins.problems().stream().map(PluginProblem::toString).toList());
    Optional<AdminServer> admin =
        AdminSocket.of(configuration).map(socket -> AdminServer.start(socket, administration));
    spec.commandLine()
        .getOut()
        .println("postern: listening on " + String.join(", ", daemon.sockets()));
    spec.commandLine().getOut().flush();
    ServiceManager.sayReady();
    Preload.archivesBeside(plugins);
    while (signals.next() == Signals.Asked.REREAD) {
      reloading.signalled();
    }
    admin.ifPresent(AdminServer::close);
    ServiceManager.sayStopping();
    LOG.info("ending: no more clients are taken, requests in hand are answered");
    reloading.close();
    daemon.drain();
    sayRepeats.run();
    return 0;
  }

  /** Whom root has started is mail_owner from here on, as proxymap(8) is. */
  private static void dropPrivileges(Configuration configuration) throws IOException {
    if (!ProcessIdentity.isRoot()) {
      return;
    }
    String owner = ByteStrings.decode(configuration.get("mail_owner").orElse(""));
    try {
      ProcessIdentity.become(owner);
    } catch (IOException e) {
      throw new IOException("parameter mail_owner: " + e.getMessage(), e);
    }
  }
}
