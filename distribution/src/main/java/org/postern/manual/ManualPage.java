package org.postern.manual;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Node;

/**
 * A page: its names, a summary, and what it says, in Markdown with {@link Directive}s.
 *
 * @param names the first one is that of the file; the others lead to it
 * @param section such as {@code 8}
 * @param summary what follows the names; absent where a command says it
 * @param body blocks of Markdown
 */
record ManualPage(List<String> names, String section, Optional<String> summary, List<Node> body) {
  private static final Pattern TITLE =
      Pattern.compile("((?:[a-z.-]+, )*[a-z.-]+)\\((\\d)\\)(?:: (.+))?");

  /** A page of which the first line is {@code # name, another(8): summary}. */
  static ManualPage of(String markdown) {
    List<Node> blocks = Documents.parse(markdown);
    String title =
        blocks.getFirst() instanceof Heading heading ? Documents.text(heading) : "no heading";
    Matcher matcher = TITLE.matcher(title);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not the title of a page: " + title);
    }
    return new ManualPage(
        List.of(String.valueOf(matcher.group(1)).split(", ", -1)),
        String.valueOf(matcher.group(2)),
        Optional.ofNullable(matcher.group(3)),
        blocks.subList(1, blocks.size()));
  }

  /** All that there is to say of a command of which no template speaks. */
  static ManualPage ofCommand(String name) {
    return of("# postern-" + name + "(1)\n\n<!-- command " + name + " -->\n");
  }

  String name() {
    return names.getFirst();
  }

  /** {@code name(8)}. */
  String reference() {
    return name() + "(" + section + ")";
  }

  /** What it has others say. */
  Stream<Directive> directives() {
    return body.stream()
        .filter(HtmlBlock.class::isInstance)
        .flatMap(block -> Directive.in(((HtmlBlock) block).getLiteral()).stream());
  }
}
