package org.postern.manual;

import static org.postern.manual.RoffText.bold;
import static org.postern.manual.RoffText.code;
import static org.postern.manual.RoffText.italic;
import static org.postern.manual.RoffText.plain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command as its manual page has it, from what the command itself says in picocli's model. */
final class CommandText {
  private final CommandSpec command;

  CommandText(CommandSpec command) {
    this.command = command;
  }

  /** One line, without a full stop. */
  String summary() {
    String first = String.join(" ", command.usageMessage().description());
    String sentence = first.replaceFirst("\\.( .*)?$", "");
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  /** The ways in which it is typed. */
  List<String> synopses() {
    String[] custom = command.usageMessage().customSynopsis();
    if (custom.length > 0) {
      return Stream.of(custom).map(line -> withNameInBold(code(line))).toList();
    }
    StringBuilder line = new StringBuilder(bold(code(command.qualifiedName())));
    String flags =
        options()
            .filter(option -> option.arity().max() == 0 && option.shortestName().length() == 2)
            .map(option -> option.shortestName().substring(1))
            .collect(Collectors.joining());
    if (!flags.isEmpty()) {
      line.append(" [").append(bold(code("-" + flags))).append(']');
    }
    options()
        .filter(option -> option.arity().max() > 0 || option.shortestName().length() > 2)
        .map(option ->
            " [" + bold(code(option.shortestName())) + value(option) + "]" + repeated(option))
        .forEach(line::append);
    for (PositionalParamSpec argument : arguments()) {
      String label = italic(code(argument.paramLabel())) + repeated(argument);
      line.append(argument.required() ? " " + label : " [" + label + "]");
    }
    if (!command.subcommands().isEmpty()) {
      line.append(' ').append(italic("command")).append(" [...]");
    }
    return List.of(line.toString());
  }

  private String withNameInBold(String line) {
    String name = code(command.qualifiedName());
    return line.startsWith(name) ? bold(name) + line.substring(name.length()) : line;
  }

  /** What it does, and what its help says at the end. */
  List<String> description() {
    List<String> paragraphs = new ArrayList<>();
    paragraphs.add(String.join(" ", command.usageMessage().description()));
    StringBuilder footer = new StringBuilder();
    for (String line : command.usageMessage().footer()) {
      footer.append(line.isEmpty() ? "\n" : line + " ");
    }
    footer.toString().lines().map(String::strip).forEach(paragraphs::add);
    paragraphs.removeIf(String::isEmpty);
    return paragraphs.stream().map(RoffText::plain).toList();
  }

  /** A term for each option and argument. */
  void options(Roff roff) {
    for (OptionSpec option : options().toList()) {
      String names =
          Stream.of(option.names())
              .map(name -> bold(code(name)) + value(option))
              .collect(Collectors.joining(", "));
      roff.term(names);
      roff.paragraph(described(option));
    }
    for (PositionalParamSpec argument : arguments()) {
      roff.term(italic(code(argument.paramLabel())));
      roff.paragraph(described(argument));
    }
  }

  private Stream<OptionSpec> options() {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .sorted(
            Comparator.comparing(
                (OptionSpec option) -> option.shortestName().replace("-", ""),
                String.CASE_INSENSITIVE_ORDER));
  }

  private List<PositionalParamSpec> arguments() {
    return command.positionalParameters().stream().filter(argument -> !argument.hidden()).toList();
  }

  private static String value(OptionSpec option) {
    return option.arity().max() == 0 ? "" : " " + italic(code(option.paramLabel()));
  }

  private static String repeated(ArgSpec argument) {
    return argument.isMultiValue() ? " ..." : "";
  }

  private static String described(ArgSpec argument) {
    return plain(String.join(" ", argument.description()));
  }
}
