package org.postern.host.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import org.postern.host.config.ConfigurationException;
import org.postern.spi.Spi;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program {@code postern}. */
@Command(
    name = "postern",
    description = "A lookup table proxy server for Postfix.",
    mixinStandardHelpOptions = true,
    versionProvider = Postern.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
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
      ProxymapCommand.class,
      PluginsCommand.class
    })
public final class Postern {
  /** What cannot be done, as postmap(1) and postconf(1) say it. */
  static final int FAILURE = 1;

  private Postern() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine postern =
        new CommandLine(new Postern())
            .setExecutionExceptionHandler(Postern::report)
            .setUsageHelpAutoWidth(true);
    // As getopt(3): the last one counts.
    Objects.requireNonNull(postern.getSubcommands().get(ProxymapCommand.NAME))
        .setOverwrittenOptionsAllowed(true)
        .setParameterExceptionHandler((e, _) -> ProxymapCommand.report(e.getMessage()));
    return postern;
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
