package org.postern.host.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postern.host.config.ConfigurationException;
import org.postern.spi.Spi;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;

/** The program {@code postern}. */
@Command(
    name = "postern",
    description = "A lookup table proxy server for Postfix.",
    mixinStandardHelpOptions = true,
    addMethodSubcommands = false,
    versionProvider = Postern.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Postern {
  /** What cannot be done, as postmap(1) and postconf(1) say it. */
  static final int FAILURE = 1;

  /** By name, in the order in which help lists them. */
  private static final Map<String, Class<?>> COMMANDS = commands();

  private Postern() {}

  public static void main(String[] arguments) {
    System.exit(commandLine(arguments).execute(arguments));
  }

  private static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put(ServeCommand.NAME, ServeCommand.class);
    commands.put("query", QueryCommand.class);
    commands.put("map", MapCommand.class);
    commands.put("check", CheckCommand.class);
    commands.put("setup", SetupCommand.class);
    commands.put("status", StatusCommand.class);
    commands.put("top", TopCommand.class);
    commands.put("explain", ExplainCommand.class);
    commands.put("reload", ReloadCommand.class);
    commands.put("log-level", LogLevelCommand.class);
    commands.put("demo", DemoCommand.class);
    commands.put("train", TrainCommand.class);
    commands.put("plugins", PluginsCommand.class);
    return commands;
  }

  /**
   * The program for these arguments: with the one command that they name, or with all. picocli
   * takes longer to go through the options of all commands than most of them take to do their work.
   */
  public static CommandLine commandLine(String... arguments) {
    String name = arguments.length == 0 ? "" : arguments[0];
    if (name.equals(ProxymapCommand.NAME)) {
      return new CommandLine(CommandSpec.create().name("postern"))
          .addSubcommand(ProxymapCommand.commandLine())
          .setParameterExceptionHandler((e, _) -> ProxymapCommand.report(e.getMessage()));
    }
    Class<?> named = COMMANDS.get(name);
    CommandLine postern = new CommandLine(new Postern());
    if (named != null) {
      postern.addSubcommand(named);
    } else {
      COMMANDS.values().forEach(postern::addSubcommand);
      postern.addSubcommand(ProxymapCommand.commandLine());
    }
    return postern.setExecutionExceptionHandler(Postern::report).setUsageHelpAutoWidth(true);
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
