package org.postern.host.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
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

  private static final List<Class<?>> COMMANDS =
      List.of(
          ServeCommand.class,
          QueryCommand.class,
          MapCommand.class,
          CheckCommand.class,
          SetupCommand.class,
          StatusCommand.class,
          TopCommand.class,
          ExplainCommand.class,
          ReloadCommand.class,
          LogLevelCommand.class,
          DemoCommand.class,
          TrainCommand.class,
          PluginsCommand.class);

  private Postern() {}

  public static void main(String[] arguments) {
    System.exit(commandLine(arguments).execute(arguments));
  }

  /**
   * The program for these arguments. The daemons are started at every boot: they do not wait until
   * picocli has gone through the options of all other commands.
   */
  public static CommandLine commandLine(String... arguments) {
    return switch (arguments.length == 0 ? "" : arguments[0]) {
      case ProxymapCommand.NAME ->
          new CommandLine(CommandSpec.create()).addSubcommand(ProxymapCommand.commandLine());
      case ServeCommand.NAME -> with(List.of(ServeCommand.class));
      default -> with(COMMANDS).addSubcommand(ProxymapCommand.commandLine());
    };
  }

  private static CommandLine with(List<Class<?>> commands) {
    CommandLine postern = new CommandLine(new Postern());
    commands.forEach(postern::addSubcommand);
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
