package org.postern.program.command;

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
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.host.approval.Service;
import org.postern.loader.PluginProblem;
import org.postern.loader.Plugins;
import org.postern.operations.admin.AdminServer;
import org.postern.operations.admin.AdminSocket;
import org.postern.operations.http.HttpListener;
import org.postern.platform.libc.FileCreation;
import org.postern.platform.libc.ProcessIdentity;
import org.postern.platform.libc.RootDirectory;
import org.postern.platform.log.LogMarkers;
import org.postern.platform.text.ByteStrings;
import org.postern.program.daemon.Administration;
import org.postern.program.daemon.Daemon;
import org.postern.program.daemon.Preload;
import org.postern.program.daemon.Reloading;
import org.postern.program.daemon.Signals;
import org.postern.program.log.LogSetup;
import org.postern.program.master.Lifetime;
import org.postern.program.master.MasterLog;
import org.postern.program.master.StatusChannel;
import org.postern.program.master.Watchdog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code postern-proxymap}: the daemon as a child of master(8), in the place of proxymap(8), with
 * its options. They are told to picocli without annotations: to read those takes a tenth of the
 * time from a client's connection, which has master(8) start this, to the answer.
 */
public final class ProxymapCommand implements Callable<Integer> {
  static final String NAME = "proxymap";

  private static final Logger LOG = LoggerFactory.getLogger(ProxymapCommand.class);

  /** The descriptor of the first socket that master(8) hands down. */
  private static final int FIRST_SOCKET = 6;

  /** How often it looks whether it has served long enough. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name(NAME);

  private final @Nullable Path configDirectory;

  private boolean chroot;
  private boolean debug;
  private @Nullable String maxIdle;
  private @Nullable String maxUse;
  private String name = "";
  private Map<String, String> overrides = Map.of();
  private int socketCount;
  private boolean standardInput;
  private String transport = "";
  private boolean unprivileged;
  private int verbosity;
  private boolean logsToStandardError;
  private boolean unlimited;

  private ProxymapCommand(@Nullable Path configDirectory) {
    this.configDirectory = configDirectory;
    spec.usageMessage()
        .hidden(true)
        .description("Serves as a child of master(8); started by libexec/postern-proxymap.");
    spec.addOption(flag("-c", "Runs in queue_directory as its root."))
        .addOption(flag("-d", "Ignored."))
        .addOption(flag("-D", "Runs debugger_command."))
        .addOption(option("-i", "seconds", "Overrides max_idle.").build())
        .addOption(flag("-l", "Is the only process of the service. So it always is."))
        .addOption(option("-m", "clients", "Overrides max_use.").build())
        .addOption(option("-n", "name", "The service: proxymap or proxywrite.").build())
        .addOption(
            option("-o", "name=value", "Overrides a parameter.")
                .type(Map.class)
                .auxiliaryTypes(String.class, String.class)
                .build())
        .addOption(
            option("-s", "count", "How many sockets are listened on.").type(int.class).build())
        .addOption(flag("-S", "Serves the client at standard input, a socket, and ends."))
        .addOption(option("-t", "transport", "unix or inet.").build())
        .addOption(flag("-u", "Becomes mail_owner."))
        .addOption(flag("-v", "Logs in more detail."))
        .addOption(flag("-V", "Logs to standard error."))
        .addOption(flag("-z", "Ignores max_use and max_idle."));
  }

  private static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name).description(description).build();
  }

  private static OptionSpec.Builder option(String name, String label, String description) {
    return OptionSpec.builder(name).arity("1").paramLabel(label).description(description);
  }

  /**
   * The command.
   *
   * @param configDirectory null for that of the environment, or Postfix's own
   */
  static CommandLine commandLine(@Nullable Path configDirectory) {
    // As getopt(3): the last one counts.
    return new CommandLine(new ProxymapCommand(configDirectory).spec)
        .setOverwrittenOptionsAllowed(true);
  }

  private void take(ParseResult options) {
    chroot = options.hasMatchedOption("-c");
    debug = options.hasMatchedOption("-D");
    maxIdle = options.<@Nullable String>matchedOptionValue("-i", null);
    maxUse = options.<@Nullable String>matchedOptionValue("-m", null);
    name = options.matchedOptionValue("-n", "");
    overrides = options.matchedOptionValue("-o", Map.of());
    socketCount = options.matchedOptionValue("-s", 1);
    standardInput = options.hasMatchedOption("-S");
    transport = options.matchedOptionValue("-t", "");
    unprivileged = options.hasMatchedOption("-u");
    verbosity =
        options.hasMatchedOption("-v") ? options.matchedOption("-v").typedValues().size() : 0;
    logsToStandardError = options.hasMatchedOption("-V");
    unlimited = options.hasMatchedOption("-z");
  }

  @Override
  public Integer call() throws InterruptedException {
    take(spec.commandLine().getParseResult());
    try {
      return run();
    } catch (ConfigurationException | IOException e) {
      LOG.error(LogMarkers.FATAL, "{}", e.getMessage());
      return Postern.FAILURE;
    } catch (RuntimeException | Error e) {
      LOG.error(LogMarkers.FATAL, "internal error: {}", e.toString(), e);
      return Postern.FAILURE;
    }
  }

  /** Logs what is wrong with the command itself. Nobody reads a daemon's standard error. */
  static int report(@Nullable String mistake) {
    new MasterLog(System.getenv(), null).open();
    LOG.error(LogMarkers.FATAL, "{}", mistake);
    return Postern.FAILURE;
  }

  private int run() throws IOException, InterruptedException {
    int _ = FileCreation.umask(FileCreation.PRIVATE);
    Signals signals = Signals.listen();
    LogSetup.verbosity(verbosity);
    MasterLog log = new MasterLog(System.getenv(), overrides.get("syslog_name"));
    if (!logsToStandardError) {
      log.open();
    }
    Configuration configuration = configuration();
    if (!logsToStandardError) {
      log.open(configuration::get);
    }
    Runnable sayRepeats = LogSetup.daemon(configuration.integer("postern_log_line_limit"));
    configuration.warnings().forEach(LOG::warn);
    Service service = service();
    List<Integer> sockets = standardInput ? List.of() : sockets();
    Lifetime lifetime = lifetime(configuration);
    Plugins plugins = CommonOptions.pluginsOfInstallation(configuration);
    if (service == Service.PROXYWRITE) {
      ProcessIdentity.leaveProcessGroup();
    }
    if (chroot) {
      CommonOptions.addVendors(plugins, configuration); // they are not there any more afterwards
      Preload.everything(plugins);
      if (!configuration.get("postern_http_listen").orElse("").isEmpty()) {
        HttpListener.preload();
      }
    }
    becomeWhatMasterSays(configuration);
    if (!chroot) {
      CommonOptions.addVendors(plugins, configuration);
    }
    plugins.problems().forEach(problem -> LOG.error("{}", problem));
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
    if (!chroot) {
      reloading.watching();
    }
    Administration administration =
        new Administration(
            daemon, reloading, plugins.problems().stream().map(PluginProblem::toString).toList());
    Optional<AdminServer> admin =
        AdminSocket.of(configuration, service)
            .filter(_ -> !chroot)
            .map(socket -> AdminServer.start(socket, administration));
    new Watchdog(
            configuration.time("daemon_timeout"),
            daemon::afterTurn,
            () -> Runtime.getRuntime().halt(Postern.FAILURE))
        .start();
    if (!chroot) {
      Preload.archivesBeside(plugins);
    }
    try {
      master.sayAvailable();
    } catch (IOException e) {
      // A reload came meanwhile: whoever has connected is answered, others by the next process.
      LOG.debug("master(8) does not listen: {}", e.getMessage());
      signals.ask(Signals.Asked.END);
    }
    serve(daemon, reloading, admin, signals, lifetime);
    reloading.close();
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
    return CommonOptions.configuration(configDirectory, all);
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
