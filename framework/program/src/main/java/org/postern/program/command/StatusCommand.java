package org.postern.program.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern status}: what running servers are doing. */
@Command(
    name = "status",
    description = "Shows what a running server does, and has done since it started.",
    footer = {
      "",
      "Tables with their requests, how many of them failed (RETRY or CONFIG), and within which time half",
      "(P50) and 99 of a hundred (P99) of the others were answered; what they wait for; servers of",
      "databases and directories; requests that were refused, with what to write; clients. Exit status",
      "is 1 if no server runs."
    },
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Mixin RunningServers servers = new RunningServers();

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--json",
      description = "Prints a JSON array with all that is known, an object for each server.")
  boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println("[" + String.join(",", servers.statusJson()).stripTrailing() + "]");
    } else {
      RunningServers.understood(() -> {
        print(new StatusTables(servers.status(), List.of()), out);
        return 0;
      });
    }
    out.flush();
    return 0;
  }

  private static void print(StatusTables status, PrintWriter out) {
    status.servers().forEach(out::println);
    out.println();
    out.print(status.tables());
    status.backends().ifPresent(text -> out.print("\n" + text));
    status.hosts().ifPresent(text -> out.print("\n" + text));
    status.denials().ifPresent(text -> out.print("\n" + text));
    out.println();
    status.clients().forEach(out::println);
  }
}
