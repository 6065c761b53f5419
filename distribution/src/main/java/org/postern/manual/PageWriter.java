package org.postern.manual;

import static org.postern.manual.RoffText.bold;
import static org.postern.manual.RoffText.code;
import static org.postern.manual.RoffText.italic;
import static org.postern.manual.RoffText.plain;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Node;
import org.postern.config.PosternParameter;
import org.postern.config.PosternParameters;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Writes one page: what its Markdown says, and what its directives have others say. */
final class PageWriter {
  private static final List<String> SEE_ALSO = List.of("postern(1)", "postern(8)", "postern.cf(5)");

  private final ManualPage page;
  private final Documents documents;
  private final CommandLine postern;
  private final Roff roff = new Roff();
  private final MarkdownToRoff markdown = new MarkdownToRoff(roff);

  PageWriter(ManualPage page, Documents documents, CommandLine postern) {
    this.page = page;
    this.documents = documents;
    this.postern = postern;
  }

  /** The page in man(7). */
  String write(String version, String date) {
    roff.title(page.name(), page.section(), date, version);
    roff.heading("NAME");
    String summary = page.summary().orElseGet(this::summaryOfCommand);
    roff.paragraph(plain(String.join(", ", page.names())) + " \\- " + plain(summary));
    for (Node node : page.body()) {
      if (node instanceof HtmlBlock block) {
        Directive.in(block.getLiteral()).forEach(this::write);
      } else {
        markdown.block(node);
      }
    }
    roff.heading("SEE ALSO");
    roff.paragraph(
        SEE_ALSO.stream()
            .filter(other -> !other.equals(page.reference()))
            .map(RoffText::plain)
            .collect(Collectors.joining(", ")));
    return roff.toString();
  }

  private String summaryOfCommand() {
    return page.directives()
        .flatMap(directive ->
            directive instanceof Directive.Command(String name) ? Stream.of(name) : Stream.empty())
        .findFirst()
        .map(name -> new CommandText(command(name)).summary())
        .orElseThrow(() -> new IllegalArgumentException(page.name() + " has no summary"));
  }

  private void write(Directive directive) {
    switch (directive) {
      case Directive.Section(String document, String heading) ->
          documents.section(document, heading).forEach(markdown::block);
      case Directive.BoldParagraph(String document, String beginning) ->
          documents.paragraph(document, beginning).forEach(markdown::block);
      case Directive.Command(String name) -> command(new CommandText(command(name)));
      case Directive.Synopsis(String name) -> synopsis(new CommandText(command(name)));
      case Directive.Options(String name) -> new CommandText(command(name)).options(roff);
      case Directive.Commands() -> commands();
      case Directive.Parameters() -> PosternParameters.all().forEach(this::parameter);
    }
  }

  private void command(CommandText command) {
    roff.heading("SYNOPSIS");
    synopsis(command);
    roff.heading("DESCRIPTION");
    command.description().forEach(roff::paragraph);
    roff.heading("OPTIONS");
    command.options(roff);
  }

  private void synopsis(CommandText command) {
    command.synopses().forEach(roff::paragraph);
  }

  private void commands() {
    for (CommandSpec command : visible(postern)) {
      roff.term(bold(code(command.qualifiedName())));
      roff.paragraph(plain(String.join(" ", command.usageMessage().description())));
    }
  }

  /** The commands that help shows. */
  static List<CommandSpec> visible(CommandLine postern) {
    return postern.getSubcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(command -> !command.usageMessage().hidden())
        .toList();
  }

  private void parameter(PosternParameter parameter) {
    String value = parameter.defaultValue().isEmpty() ? "empty" : code(parameter.defaultValue());
    roff.term(
        bold(code(parameter.name()))
            + " ("
            + italic(plain(parameter.type().label()))
            + ", default: "
            + value
            + ")");
    roff.paragraph(plain(parameter.meaning() + " " + parameter.detail()));
  }

  private CommandSpec command(String name) {
    return name.equals(postern.getCommandName())
        ? postern.getCommandSpec()
        : Objects.requireNonNull(postern.getSubcommands().get(name), name).getCommandSpec();
  }
}
