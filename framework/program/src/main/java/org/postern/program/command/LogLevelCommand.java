package org.postern.program.command;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postern.operations.admin.AdminClient;
import org.postern.operations.admin.AdminRequest;
import org.postern.platform.text.ByteStrings;
import org.postern.program.daemon.LogLevel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern log-level}: how much a running server logs. */
@Command(
    name = "log-level",
    description = "Shows how much a running server logs, or sets it until the server ends.",
    footer = {
      "",
      "info is the default; debug, as -v, adds what is opened, closed and replaced; trace, as -v -v,",
      "every request and its reply, keys and values among them."
    },
    mixinStandardHelpOptions = true)
final class LogLevelCommand implements Callable<Integer> {
  @Mixin RunningServers servers = new RunningServers();

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "LEVEL",
      description = "The level to set: info, debug or trace; or 0, 1 or 2, the number of -v.")
  @Nullable String level;

  @Override
  public Integer call() throws IOException {
    return servers.askEach(AdminRequest.logLevel(Optional.ofNullable(level)), spec, this::print);
  }

  private void print(String who, String answer) throws IOException {
    LogLevel now = AdminClient.read(LogLevel.class, answer);
    String before = now.before().map(was -> ", was " + was).orElse("");
    spec.commandLine().getOut().println(who + ByteStrings.visible(now.level() + before));
  }
}
