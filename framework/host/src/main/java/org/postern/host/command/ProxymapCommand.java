package org.postern.host.command;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postern.host.admin.AdminServer;
import org.postern.host.admin.AdminSocket;
import org.postern.host.approval.Service;
import org.postern.host.config.Configuration;
import org.postern.host.config.ConfigurationException;
import org.postern.host.daemon.Administration;
import org.postern.host.daemon.Daemon;
import org.postern.host.daemon.Preload;
import org.postern.host.daemon.Reloading;
import org.postern.host.daemon.Signals;
import org.postern.host.libc.ProcessIdentity;
import org.postern.host.libc.RootDirectory;
import org.postern.host.log.LogSetup;
import org.postern.host.master.Lifetime;
import org.postern.host.master.MasterLog;
import org.postern.host.master.StatusChannel;
import org.postern.host.master.Watchdog;
import org.postern.host.plugin.Plugins;
import org.postern.host.text.ByteStrings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code postern-proxymap}: the daemon as a child of master(8), in the place of proxymap(8), with
 * its options.
 */
@Command(
    name = ProxymapCommand.NAME,
    hidden = true,
    description = "Serves as a child of master(8); started by libexec/postern-proxymap.")
public final class ProxymapCommand implements Callable<Integer> {
  static final String NAME = "proxymap";

  private static final Logger LOG = LoggerFactory.getLogger(ProxymapCommand.class);

  /** The descriptor of the first socket that master(8) hands down. */
  private static final int FIRST_SOCKET = 6;

  /** How often it looks whether it has served long enough. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  @Option(names = "-c", description = "Runs in queue_directory as its root.")
  boolean chroot;

  @Option(names = "-d", description = "Ignored.")
  boolean daemonMode;

  @Option(names = "-D", description = "Runs debugger_command.")
  boolean debug;

  @Option(names = "-i", paramLabel = "seconds", description = "Overrides max_idle.")
  @Nullable String maxIdle;

  @Option(names = "-l", description = "Is the only process of the service. So it always is.")
  boolean alone;

  @Option(names = "-m", paramLabel = "clients", description = "Overrides max_use.")
  @Nullable String maxUse;

  @Option(names = "-n", paramLabel = "name", description = "The service: proxymap or proxywrite.")
  String name = "";

  @Option(names = "-o", paramLabel = "name=value", description = "Overrides a parameter.")
  Map<String, String> overrides = new LinkedHashMap<>();

  @Option(names = "-s", paramLabel = "count", description = "How many sockets are listened on.")
  int socketCount = 1;

  @Option(names = "-S", description = "Serves the client at standard input, a socket, and ends.")
  boolean standardInput;

  @Option(names = "-t", paramLabel = "transport", description = "unix or inet.")
  String transport = "";

  @Option(names = "-u", description = "Becomes mail_owner.")
  boolean unprivileged;

  @Option(names = "-v", description = "Logs in more detail.")
  boolean[] verbose = {};

  @Option(names = "-V", description = "Logs to standard error.")
  boolean logsToStandardError;

  @Option(names = "-z", description = "Ignores max_use and max_idle.")
  boolean unlimited;

  @Override
  public Integer call() throws InterruptedException {
    try {
      return run();
    } catch (ConfigurationException | IOException e) {
      LOG.error(LogSetup.FATAL, "{}", e.getMessage());
      return Postern.FAILURE;
    } catch (RuntimeException | Error e) {
      LOG.error(LogSetup.FATAL, "internal error: {}", e.toString(), e);
      return Postern.FAILURE;
    }
  }

  /** Logs what is wrong with the command itself. Nobody reads a daemon's standard error. */
  static int report(@Nullable String mistake) {
    new MasterLog(System.getenv(), null).open();
    LOG.error(LogSetup.FATAL, "{}", mistake);
    return Postern.FAILURE;
  }

  private int run() throws IOException, InterruptedException {
    Signals signals = Signals.listen();
    LogSetup.verbosity(verbose.length);
    MasterLog log = new MasterLog(System.getenv(), overrides.get("syslog_name"));
    if (!logsToStandardError) {
      log.open();
    }
    Configuration configuration = configuration();
    if (!logsToStandardError) {
      log.open(configuration::get);
    }
    Runnable sayRepeats = LogSetup.limitRepeats();
    configuration.warnings().forEach(LOG::warn);
    Service service = service();
    List<Integer> sockets = standardInput ? List.of() : sockets();
    Lifetime lifetime = lifetime(configuration);
    Plugins plugins = CommonOptions.plugins(configuration);
    plugins.problems().forEach(problem -> LOG.error("{}", problem));
    if (service == Service.PROXYWRITE) {
      ProcessIdentity.leaveProcessGroup();
    }
    if (chroot) {
      Preload.everything(plugins);
    }
    becomeWhatMasterSays(configuration);
    if (chroot) {
      configuration = configuration.inJail();
      if (!logsToStandardError) {
        log.inJail(configuration::get);
      }
    }
    if (debug) {
      debug(configuration);
    }
    if (standardInput) {
      serveStandardInput(configuration, plugins, service, signals);
      sayRepeats.run();
      return 0;
    }
    StatusChannel master =
        new StatusChannel(Optional.ofNullable(System.getenv("GENERATION")).orElse("0"));
    master.whenClosed(() -> signals.ask(Signals.Asked.END));
    Daemon daemon = Daemon.start(configuration, plugins.drivers(), service, sockets);
    Reloading reloading = new Reloading(daemon, configuration, this::configurationAnew);
    Administration administration = new Administration(daemon, reloading);
    Optional<AdminServer> admin =
        AdminSocket.of(configuration, service)
            .filter(_ -> !chroot)
            .map(socket -> AdminServer.start(socket, administration));
    new Watchdog(
            configuration.time("daemon_timeout"),
            daemon::afterTurn,
            () -> Runtime.getRuntime().halt(Postern.FAILURE))
        .start();
    try {
      master.sayAvailable();
    } catch (IOException e) {
      // A reload came meanwhile: whoever has connected is answered, others by the next process.
      LOG.debug("master(8) does not listen: {}", e.getMessage());
      signals.ask(Signals.Asked.END);
    }
    serve(daemon, reloading, admin, signals, lifetime);
    daemon.drain();
    sayRepeats.run();
    return 0;
  }

  private void becomeWhatMasterSays(Configuration configuration) throws IOException {
    String owner = ByteStrings.decode(configuration.get("mail_owner").orElse(""));
    Path root = configuration.queueDirectory();
    if (unprivileged && chroot) {
      ProcessIdentity.become(owner, root);
    } else if (unprivileged) {
      ProcessIdentity.become(owner);
    } else if (chroot) {
      RootDirectory.change(root);
    }
  }

  /** Serves until somebody ends it, or it has served long enough. */
  private static void serve(
      Daemon daemon,
      Reloading reloading,
      Optional<AdminServer> admin,
      Signals signals,
      Lifetime lifetime)
      throws InterruptedException {
    boolean listening = true;
    while (true) {
      Signals.Asked asked = signals.next(LOOK);
      if (asked == Signals.Asked.END) {
        admin.ifPresent(AdminServer::close);
        return;
      }
      if (asked == Signals.Asked.REREAD) {
        reloading.signalled();
      }
      if (listening && lifetime.isOver(daemon)) {
        // Who has connected before this is served, everybody else by the next process.
        daemon.stopListening();
        admin.ifPresent(AdminServer::close);
        listening = false;
      }
      if (!listening && !daemon.hasClients()) {
        return;
      }
    }
  }

  private static void serveStandardInput(
      Configuration configuration, Plugins plugins, Service service, Signals signals)
      throws IOException, InterruptedException {
    if (!(System.inheritedChannel() instanceof SocketChannel client)) {
      throw new IOException("standard input is not a socket with a client");
    }
    Daemon daemon = Daemon.start(configuration, plugins.drivers(), service, client);
    while (signals.next(LOOK) != Signals.Asked.END && daemon.hasClients()) {
      LOG.debug("standard input is served");
    }
    daemon.drain();
  }

  /** Starts what looks at this process, and gives it time. Standard input may be a client's. */
  private static void debug(Configuration configuration) throws IOException, InterruptedException {
    String command = ByteStrings.decode(configuration.get("debugger_command").orElse(""));
    if (command.isEmpty()) {
      throw new IOException("-D option specified, but debugger_command is empty");
    }
    String apart = "exec < /dev/null >&2\n" + command;
    Process shell = new ProcessBuilder("/bin/sh", "-c", apart).inheritIO().start();
    LOG.info("running: {}: {}", command, shell.waitFor());
  }

  private Configuration configurationAnew() {
    if (chroot) {
      throw new ConfigurationException(
          "it cannot be read in queue_directory: \"postfix reload\" has another process do so");
    }
    return configuration();
  }

  private Configuration configuration() {
    Map<String, String> all = new LinkedHashMap<>(overrides);
    if (standardInput || name.equals(Service.PROXYWRITE.serviceName())) {
      // The address in main.cf is that of the other process.
      all.putIfAbsent("postern_http_listen", "");
    }
    all.put("process_name", NAME);
    all.put("process_id", Long.toString(ProcessHandle.current().pid()));
    all.put("service_name", name);
    if (maxIdle != null) {
      all.put("max_idle", maxIdle);
    }
    if (maxUse != null) {
      all.put("max_use", maxUse);
    }
    return CommonOptions.configuration(null, all);
  }

  private Service service() throws IOException {
    return Stream.of(Service.values())
        .filter(service -> service.serviceName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IOException("service name must be one of proxymap or proxywrite"));
  }

  private List<Integer> sockets() throws IOException {
    if (transport.isEmpty()) {
      throw new IOException("no transport type specified");
    }
    if (!transport.equals("unix") && !transport.equals("inet")) {
      throw new IOException("unsupported transport type: " + transport);
    }
    if (socketCount <= 0) {
      throw new IOException("invalid socket_count: " + socketCount);
    }
    return IntStream.range(0, socketCount).mapToObj(i -> FIRST_SOCKET + i).toList();
  }

  private Lifetime lifetime(Configuration configuration) {
    return unlimited
        ? Lifetime.UNLIMITED
        : new Lifetime(configuration.integer("max_use"), configuration.time("max_idle"));
  }
}
