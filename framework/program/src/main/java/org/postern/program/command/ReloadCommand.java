package org.postern.program.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.postern.operations.admin.AdminClient;
import org.postern.operations.admin.AdminRequest;
import org.postern.platform.text.ByteStrings;
import org.postern.program.daemon.Reloaded;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code postern reload}: has a running server read its configuration again. */
@Command(
    name = "reload",
    description = "Has a running server read its configuration again, and says what has changed.",
    footer = {
      "",
      "It does what SIGHUP does, and waits for it. With a mistake in the configuration the server goes",
      "on with the old one, and the exit status is 1."
    },
    mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
  @Mixin RunningServers servers = new RunningServers();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    return servers.askEach(
        AdminRequest.of("reload"),
        spec,
        (who, answer) -> print(AdminClient.read(Reloaded.class, answer), who, out));
  }

  private static void print(Reloaded reloaded, String who, PrintWriter out) {
    print(who + "changed: ", reloaded.parameters(), out);
    print(who, reloaded.tables(), out);
    print(who + "takes effect at the next start: ", reloaded.atNextStart(), out);
    print(who + "warning: ", reloaded.warnings(), out);
    boolean changed = !reloaded.parameters().isEmpty() || !reloaded.tables().isEmpty();
    out.println(
        who + "the configuration has been read again" + (changed ? "" : "; nothing has changed"));
  }

  private static void print(String before, List<String> lines, PrintWriter out) {
    lines.forEach(line -> out.println(before + ByteStrings.visible(line)));
  }
}
