package org.postern.manual;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A comment in a template that stands for what is written elsewhere: {@code <!-- section
 * operating.md: Log -->}.
 */
sealed interface Directive {
  Pattern COMMENT = Pattern.compile("<!-- ([a-z]+)(?: ([^ :]+)(?:: (.+))?)? -->");

  /** What is under a heading of a document. */
  record Section(String document, String heading) implements Directive {}

  /** The paragraph of a document that begins with these words in bold. */
  record BoldParagraph(String document, String beginning) implements Directive {}

  /** All that a command says of itself, with headings. */
  record Command(String name) implements Directive {}

  /** How a command is typed. */
  record Synopsis(String command) implements Directive {}

  /** The options and arguments of a command. */
  record Options(String command) implements Directive {}

  /** All commands, in a line each. */
  record Commands() implements Directive {}

  /** All parameters that only Postern has. */
  record Parameters() implements Directive {}

  /** Those of some lines of comments. */
  static List<Directive> in(String comments) {
    return comments.strip().lines().map(String::strip).map(Directive::of).toList();
  }

  private static Directive of(String line) {
    Matcher comment = COMMENT.matcher(line);
    if (!comment.matches()) {
      throw new IllegalArgumentException("no directive: " + line);
    }
    String what = String.valueOf(comment.group(2));
    String where = String.valueOf(comment.group(3));
    return switch (String.valueOf(comment.group(1))) {
      case "section" -> new Section(what, where);
      case "paragraph" -> new BoldParagraph(what, where);
      case "command" -> new Command(what);
      case "synopsis" -> new Synopsis(what);
      case "options" -> new Options(what);
      case "commands" -> new Commands();
      case "parameters" -> new Parameters();
      default -> throw new IllegalArgumentException("no directive: " + line);
    };
  }
}
