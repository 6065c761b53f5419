package org.postern.program.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.postern.config.ConfigurationException;
import org.postern.platform.text.VisibleWriter;
import org.postern.program.daemon.Preload;
import org.postern.spi.Spi;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;

/** The program {@code postern}. */
@Command(
    name = Postern.PROGRAM,
    description = "A lookup table proxy server for Postfix.",
    mixinStandardHelpOptions = true,
    addMethodSubcommands = false,
    versionProvider = Postern.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Postern {
  static final String PROGRAM = "postern";

  /** What cannot be done, as postmap(1) and postconf(1) say it. */
  static final int FAILURE = 1;

  /** By name, in the order in which help lists them. */
  private static final Map<String, Supplier<CommandLine>> COMMANDS = commands();

  private static final Set<String> DAEMONS = Set.of(ServeCommand.NAME, ProxymapCommand.NAME);

  /** So long may take what plugins do at the end of the JVM. */
  private static final Duration LAST = Duration.ofSeconds(3);

  private Postern() {}

  public static void main(String[] arguments) {
    boolean isDaemon = arguments.length > 0 && DAEMONS.contains(arguments[0]);
    if (isDaemon) {
      Preload.beside();
    }
    int status = commandLine(arguments).execute(arguments);
    if (isDaemon) {
      Thread.ofPlatform().daemon().name("end").start(() -> end(status));
    }
    System.exit(status);
  }

  /** Ends a daemon whose plugins have the JVM wait for something at its end. */
  private static void end(int status) {
    try {
      Thread.sleep(LAST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(status);
  }

  private static Map<String, Supplier<CommandLine>> commands() {
    Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
    commands.put(ServeCommand.NAME, ServeCommand::commandLine);
    commands.put("query", () -> new CommandLine(QueryCommand.class));
    commands.put("map", () -> new CommandLine(MapCommand.class));
    commands.put("check", () -> new CommandLine(CheckCommand.class));
    commands.put("setup", () -> new CommandLine(SetupCommand.class));
    commands.put("status", () -> new CommandLine(StatusCommand.class));
    commands.put("top", () -> new CommandLine(TopCommand.class));
    commands.put("explain", () -> new CommandLine(ExplainCommand.class));
    commands.put("reload", () -> new CommandLine(ReloadCommand.class));
    commands.put("log-level", () -> new CommandLine(LogLevelCommand.class));
    commands.put("demo", () -> new CommandLine(DemoCommand.class));
    commands.put("train", () -> new CommandLine(TrainCommand.class));
    commands.put("plugins", () -> new CommandLine(PluginsCommand.class));
    commands.put(ProxymapCommand.NAME, () -> ProxymapCommand.commandLine(null));
    return commands;
  }

  /**
   * The program for these arguments: with the one command that they name, or with all. picocli
   * takes longer to go through the options of all commands than most of them take to do their work.
   */
  public static CommandLine commandLine(String... arguments) {
    String name = arguments.length == 0 ? "" : arguments[0];
    Supplier<CommandLine> named = COMMANDS.get(name);
    // What it is without a command is read from its annotations, which takes a while.
    CommandLine postern =
        new CommandLine(named == null ? new Postern() : CommandSpec.create().name(PROGRAM));
    if (named != null) {
      postern.addSubcommand(named.get());
    } else {
      COMMANDS.forEach((command, made) -> postern.addSubcommand(command, made.get()));
    }
    if (name.equals(ProxymapCommand.NAME)) {
      return postern.setParameterExceptionHandler((e, _) -> ProxymapCommand.report(e.getMessage()));
    }
    return postern
        .setExecutionExceptionHandler(Postern::report)
        .setExecutionStrategy(Postern::run)
        .setUsageHelpAutoWidth(true);
  }

  /** Has all that a command prints pass {@link VisibleWriter}; help is our own, and may be bold. */
  private static int run(CommandLine.ParseResult arguments) {
    for (CommandLine command : arguments.asCommandLineList()) {
      if (!command.isUsageHelpRequested()) {
        command.setOut(visible(command.getOut())).setErr(visible(command.getErr()));
      }
    }
    return new CommandLine.RunLast().execute(arguments);
  }

  private static PrintWriter visible(PrintWriter out) {
    return new PrintWriter(new VisibleWriter(out), true);
  }

  /** An operator's mistake is one line; only what Postern did wrong shows a stack trace. */
  private static int report(
      Exception failure, CommandLine command, CommandLine.ParseResult arguments) {
    PrintWriter err = command.getErr();
    if (failure instanceof ConfigurationException || failure instanceof IOException) {
      err.println("postern " + command.getCommandName() + ": fatal: " + failure.getMessage());
    } else {
      failure.printStackTrace(err);
    }
    err.flush();
    return FAILURE;
  }

  /** {@code postern --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Postern.class.getPackage().getImplementationVersion();
      return new String[] {
        "postern " + (version == null ? "(not packaged)" : version) + ", spi " + Spi.VERSION
      };
    }
  }
}
