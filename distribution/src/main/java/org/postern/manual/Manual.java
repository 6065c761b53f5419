package org.postern.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.program.command.Postern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The program that makes {@code man/} and {@code bash-completion/}: a page for each template, and
 * one for each command of which no template speaks.
 */
public final class Manual {
  private static final int DAY = "2026-11-23".length();

  private Manual() {}

  /**
   * Arguments: the directories of documents, of templates, and of what is made; the version; and
   * the date in the form of ISO 8601, of which the day counts.
   */
  public static void main(String[] arguments) throws IOException {
    Documents documents = new Documents(Path.of(arguments[0]));
    CommandLine postern = Postern.commandLine();
    Path made = Path.of(arguments[2]);
    for (ManualPage page : pages(Path.of(arguments[1]), postern)) {
      String text =
          new PageWriter(page, documents, postern)
              .write("Postern " + arguments[3], arguments[4].substring(0, DAY));
      Path section = Files.createDirectories(made.resolve("man/man" + page.section()));
      String suffix = "." + page.section();
      Files.writeString(section.resolve(page.name() + suffix), text);
      for (String other : page.names().subList(1, page.names().size())) {
        Files.writeString(
            section.resolve(other + suffix),
            ".so man" + page.section() + "/" + page.name() + suffix + "\n");
      }
    }
    Path completions = Files.createDirectories(made.resolve("bash-completion/completions"));
    // It is read by a shell, and not run: no interpreter in its first line.
    Files.writeString(
        completions.resolve("postern"),
        AutoComplete.bash(postern.getCommandName(), postern).replaceFirst("^#!.*\n", ""));
  }

  private static List<ManualPage> pages(Path templates, CommandLine postern) throws IOException {
    List<ManualPage> pages = new ArrayList<>();
    try (Stream<Path> files = Files.list(templates)) {
      for (Path file : files.sorted().toList()) {
        pages.add(ManualPage.of(Files.readString(file)));
      }
    }
    Set<Directive> told =
        pages.stream().flatMap(ManualPage::directives).collect(Collectors.toSet());
    for (CommandSpec command : PageWriter.visible(postern)) {
      String name = command.name();
      if (!told.contains(new Directive.Options(name))
          && !told.contains(new Directive.Command(name))) {
        pages.add(ManualPage.ofCommand(name));
      }
    }
    return pages;
  }
}
