package org.postern.manual;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/** The documents in {@code docs/}, of which pages have parts. */
final class Documents {
  private static final Parser PARSER =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  private final Path directory;
  private final Map<String, List<Node>> read = new HashMap<>();

  Documents(Path directory) {
    this.directory = directory;
  }

  /** The blocks of a document. */
  static List<Node> parse(String markdown) {
    return MarkdownToRoff.children(PARSER.parse(markdown));
  }

  /** What stands under a heading, those of lower rank included. */
  List<Node> section(String document, String heading) {
    List<Node> section = new ArrayList<>();
    int level = 0;
    for (Node node : blocks(document)) {
      if (node instanceof Heading here && level == 0) {
        level = text(here).equals(heading) ? here.getLevel() : 0;
      } else if (node instanceof Heading here && here.getLevel() <= level) {
        break;
      } else if (level > 0) {
        section.add(node);
      }
    }
    return found(section, document, heading);
  }

  /** The paragraph that begins with this in bold letters, and the lists that belong to it. */
  List<Node> paragraph(String document, String beginning) {
    List<Node> found = new ArrayList<>();
    for (Node node : blocks(document)) {
      if (node instanceof Paragraph || node instanceof Heading) {
        if (!found.isEmpty()) {
          break;
        }
        if (node.getFirstChild() instanceof StrongEmphasis bold
            && text(bold).startsWith(beginning)) {
          found.add(node);
        }
      } else if (!found.isEmpty()) {
        found.add(node);
      }
    }
    return found(found, document, beginning);
  }

  /** What a reader sees of a line. */
  static String text(Node node) {
    return switch (node) {
      case Text text -> text.getLiteral();
      case Code code -> code.getLiteral();
      default -> MarkdownToRoff.children(node).stream().map(Documents::text).collect(joining());
    };
  }

  private List<Node> blocks(String document) {
    return read.computeIfAbsent(
        document,
        name -> {
          try {
            return parse(Files.readString(directory.resolve(name)));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static List<Node> found(List<Node> nodes, String document, String what) {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException(document + " has nothing under \"" + what + "\"");
    }
    return nodes;
  }
}
