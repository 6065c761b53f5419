package org.postern.program.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** How commands are found, and what they say of themselves. */
class CommandLineTest {
  private static List<String> names() {
    return Postern.commandLine().getSubcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(command -> !command.usageMessage().hidden())
        .map(CommandSpec::name)
        .toList();
  }

  @Test
  void aCommandIsFoundByItsNameAlone() {
    assertThat(names()).hasSizeGreaterThan(10);
    for (String name : names()) {
      assertThat(Postern.commandLine(name).getSubcommands().keySet()).containsExactly(name);
    }
  }

  @Test
  void everyCommandHasHelp() {
    for (String name : names()) {
      Outcome help = Outcome.of(name, "--help");
      assertThat(help.status()).as(name).isZero();
      assertThat(help.out()).as(name).startsWith("Usage: postern " + name);
    }
  }

  @Test
  void ofAMistypedCommandTheOneThatWasMeantIsNamed() {
    Outcome mistyped = Outcome.of("srve");
    assertThat(mistyped.status()).isNotZero();
    assertThat(mistyped.err()).contains("srve", "serve");
  }
}
