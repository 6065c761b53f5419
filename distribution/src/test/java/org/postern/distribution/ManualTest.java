package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postern.config.PosternParameter;
import org.postern.config.PosternParameters;
import org.postern.program.command.Postern;
import org.postern.testkit.Prerequisite;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages and the completion that the build has made. */
class ManualTest {
  private static final Path MANUAL = Path.of("target/manual");

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(MANUAL.resolve("man"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static boolean isLink(String page) {
    return page.startsWith(".so ");
  }

  private static List<CommandSpec> commands() {
    return Postern.commandLine().getSubcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(command -> !command.usageMessage().hidden())
        .toList();
  }

  /** The page of a command: in section 1, or for what is no command of an operator's, in 8. */
  private static String pageOf(CommandSpec command) throws IOException {
    Path page = MANUAL.resolve("man/man1/postern-" + command.name() + ".1");
    return Files.readString(Files.exists(page) ? page : MANUAL.resolve("man/man8/postern.8"));
  }

  @Test
  void everyCommandAndEveryOptionIsInAPage() throws IOException {
    String overview = Files.readString(MANUAL.resolve("man/man1/postern.1"));
    for (CommandSpec command : commands()) {
      assertThat(overview).contains("\\fBpostern " + command.name().replace("-", "\\-") + "\\fR");
      for (OptionSpec option : command.options()) {
        for (String name : option.names()) {
          assertThat(pageOf(command).lines())
              .as("%s of %s", name, command.name())
              .anyMatch(line -> line.contains("\\fB" + name.replace("-", "\\-") + "\\fR"));
        }
      }
    }
  }

  @Test
  void everyParameterIsInAPage() throws IOException {
    String page = Files.readString(MANUAL.resolve("man/man5/postern.cf.5"));
    for (PosternParameter parameter : PosternParameters.all()) {
      assertThat(page).contains("\n\\fB" + parameter.name() + "\\fR (");
    }
  }

  @Test
  void otherNamesLeadToPages() throws IOException {
    for (Path page : pages()) {
      String text = Files.readString(page);
      if (isLink(text)) {
        assertThat(MANUAL.resolve("man").resolve(text.substring(".so ".length()).strip()))
            .isRegularFile();
      }
    }
  }

  @Test
  void noRowOfATableIsLeftAsItWasWritten() throws IOException {
    for (Path page : pages()) {
      assertThat(Files.readAllLines(page)).as("%s", page).noneMatch(line -> line.startsWith("| "));
    }
  }

  @Test
  void noPageHasAWarning() throws Exception {
    Prerequisite.MANUAL_FORMATTERS.mustBeHere();
    for (Path page : pages()) {
      if (!isLink(Files.readString(page))) {
        String file = page.toString();
        assertThat(Postfix.run(List.of("mandoc", "-Tlint", "-Wwarning", file), ""))
            .isEqualTo(new Postfix.Outcome(0, "", ""));
        assertThat(Postfix.run(List.of("groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-z", file), ""))
            .isEqualTo(new Postfix.Outcome(0, "", ""));
      }
    }
  }

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    assertThat(completed("postern", "")).contains("serve", "query").doesNotContain("train");
    assertThat(completed("postern", "q")).containsExactly("query");
    assertThat(completed("postern", "query", "--t")).containsExactly("--timeout");
  }

  /** What bash offers for the last one of these words. */
  private static List<String> completed(String... words) throws Exception {
    String script =
        """
        . "$0"
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _complete_postern 2> /dev/null
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    List<String> command =
        Stream.concat(
                Stream.of("bash", "-c", script, MANUAL + "/bash-completion/completions/postern"),
                Stream.of(words))
            .toList();
    Postfix.Outcome outcome = Postfix.run(command, "");
    assertThat(outcome.err()).isEmpty();
    return outcome.out().lines().toList();
  }
}
