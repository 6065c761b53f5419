package org.postern.program.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.postern.config.Configuration;
import org.postern.loader.Plugins;
import org.postern.program.log.LogSetup;
import org.postern.program.setup.PostfixSetup;
import org.postern.program.setup.Programs;
import org.postern.program.setup.Units;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern setup}: puts Postern behind the Postfix that is here. */
@Command(
    name = "setup",
    description = "Shows, or makes, the changes that put Postern behind the Postfix that is here.",
    footer = {
      "",
      "Without an option it changes nothing. Where systemd runs, it starts Postern; elsewhere",
      "\"postern serve\" must run already."
    },
    mixinStandardHelpOptions = true)
final class SetupCommand implements Callable<Integer> {
  private static final Path UNIT_FOLDER = Path.of("/etc/systemd/system");

  @Mixin CommonOptions options = new CommonOptions();

  @ArgGroup Mode mode = new Mode();

  @Spec CommandSpec spec = CommandSpec.create();

  /** What to do, if not only to show it. */
  static final class Mode {
    @Option(
        names = "--apply",
        description =
            "Makes the changes, asks for a key through Postfix's own postmap(1), and takes all back"
                + " if that fails.")
    boolean apply;

    @Option(names = "--undo", description = "Takes the changes back.")
    boolean undo;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Configuration configuration = options.configuration();
    LogSetup.quiet();
    Plugins plugins = CommonOptions.plugins(configuration);
    PostfixSetup setup =
        new PostfixSetup(
            configuration,
            plugins.drivers(),
            new Programs(configuration.configDirectory()),
            new Units(UNIT_FOLDER, home(), configuration));
    PrintWriter out = spec.commandLine().getOut();
    List<PostfixSetup.Change> changes = mode.undo ? setup.undoing() : setup.changes();
    if (changes.isEmpty()) {
      out.println("nothing to change");
    }
    for (PostfixSetup.Change change : changes) {
      out.println((mode.apply || mode.undo ? "" : "would: ") + change.text());
      out.flush();
      if (mode.apply || mode.undo) {
        change.action().run();
      }
    }
    if (mode.apply) {
      check(setup, out);
    } else if (!mode.undo && !changes.isEmpty()) {
      out.println("\"postern setup --apply\" does it, \"postern setup --undo\" takes it back");
    }
    out.flush();
    return 0;
  }

  private static void check(PostfixSetup setup, PrintWriter out)
      throws IOException, InterruptedException {
    try {
      out.println(setup.check());
      out.println("Postfix asks Postern");
    } catch (IOException e) {
      for (PostfixSetup.Change change : setup.undoing()) {
        out.println("taking back: " + change.text());
        change.action().run();
      }
      out.flush();
      throw e;
    }
  }

  private static Path home() {
    return Path.of(Optional.ofNullable(System.getProperty("postern.home")).orElse("/opt/postern"));
  }
}
