package org.postern.host.command;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.postern.host.admin.AdminServer;
import org.postern.host.admin.AdminSocket;
import org.postern.host.config.Configuration;
import org.postern.host.daemon.Administration;
import org.postern.host.daemon.Daemon;
import org.postern.host.daemon.Reloading;
import org.postern.host.daemon.ServiceManager;
import org.postern.host.daemon.Signals;
import org.postern.host.plugin.Plugins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code postern serve}: the daemon, in the foreground. */
@Command(
    name = "serve",
    description = "Runs the daemon in the foreground.",
    footer = {
      "",
      "Prints one line when it listens. SIGTERM (or Ctrl-C) answers the requests in hand and ends;",
      "SIGHUP reads the configuration again."
    },
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Mixin CommonOptions options = new CommonOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Signals signals = Signals.listen();
    Configuration configuration = options.configuration();
    configuration.warnings().forEach(LOG::warn);
    Plugins plugins = CommonOptions.plugins(configuration);
    plugins.problems().forEach(problem -> LOG.error("{}", problem));
    Daemon daemon = Daemon.start(configuration, plugins.drivers());
    Reloading reloading = new Reloading(daemon, configuration, options::configurationAnew);
    Administration administration = new Administration(daemon, reloading);
    Optional<AdminServer> admin =
        AdminSocket.of(configuration).map(socket -> AdminServer.start(socket, administration));
    spec.commandLine()
        .getOut()
        .println("postern: listening on " + String.join(", ", daemon.sockets()));
    spec.commandLine().getOut().flush();
    ServiceManager.sayReady();
    while (signals.next() == Signals.Asked.REREAD) {
      reloading.signalled();
    }
    admin.ifPresent(AdminServer::close);
    ServiceManager.sayStopping();
    LOG.info("ending: no more clients are taken, requests in hand are answered");
    daemon.drain();
    return 0;
  }
}
