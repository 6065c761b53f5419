package org.postern.program.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.postern.loader.InstalledPlugin;
import org.postern.loader.PluginProblem;
import org.postern.loader.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code postern plugins}: what is installed, and what is wrong with it. */
@Command(
    name = "plugins",
    description = "Lists the plugins, their versions and the table types they bring.",
    footer = {"", "Exit status is 1 if a plugin cannot be used."},
    mixinStandardHelpOptions = true)
final class PluginsCommand implements Callable<Integer> {
  @Mixin CommonOptions options = new CommonOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Plugins plugins = CommonOptions.plugins(options.configuration());
    TextTable table = new TextTable("PLUGIN", "VERSION", "SPI", "MAPTYPES", "PATH");
    for (InstalledPlugin plugin : plugins.installed()) {
      table.row(
          plugin.id(),
          plugin.version(),
          plugin.requires(),
          String.join(" ", plugin.maptypes()),
          plugin.path().toString());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(table);
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    for (PluginProblem problem : plugins.problems()) {
      err.println("postern plugins: error: " + problem);
    }
    err.flush();
    return plugins.problems().isEmpty() ? 0 : Postern.FAILURE;
  }
}
