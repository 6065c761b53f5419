package org.postern.program.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.postern.config.ConfigurationException;
import org.postern.operations.status.StatusReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern top}: what running servers are doing, again and again. */
@Command(
    name = "top",
    description = "Shows what a running server does, each second anew, the busiest table first.",
    footer = {
      "",
      "Ends with q or Ctrl-C. Numbers are those since the last time; the first time, since the start.",
      "Where the output is not a terminal, each time follows the one before."
    },
    mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {
  @Mixin RunningServers servers = new RunningServers();

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "-d",
      paramLabel = "seconds",
      defaultValue = "1",
      description = "How long to wait between one time and the next. Default: ${DEFAULT-VALUE}.")
  double seconds;

  @Option(
      names = "-n",
      paramLabel = "times",
      defaultValue = "0",
      description = "Ends after so many times; 0: never.")
  int times;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!(seconds >= 0.1 && seconds <= 3600)) {
      throw new ConfigurationException("-d must be 0.1 to 3600 seconds");
    }
    long wait = Math.round(seconds * 1000);
    List<StatusReport> earlier = servers.status();
    try (Screen screen = Screen.open(spec.commandLine().getOut())) {
      screen.show(lines(earlier, List.of()));
      for (int done = 1; done != times && !screen.isAskedToEnd(wait); done++) {
        List<StatusReport> now = servers.status();
        screen.show(lines(now, earlier));
        earlier = now;
      }
    }
    return 0;
  }

  private static List<String> lines(List<StatusReport> reports, List<StatusReport> earlier)
      throws IOException {
    return RunningServers.understood(() -> lines(new StatusTables(reports, earlier)));
  }

  private static List<String> lines(StatusTables status) {
    List<String> lines = new ArrayList<>(status.servers());
    lines.addAll(status.clients());
    lines.add("");
    status.tables().toString().lines().forEach(lines::add);
    List.of(status.backends(), status.hosts()).stream()
        .flatMap(text -> text.stream())
        .forEach(text -> {
          lines.add("");
          text.toString().lines().forEach(lines::add);
        });
    return lines;
  }
}
