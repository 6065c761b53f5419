package org.postern.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;

/** The Markdown of our documents as roff. What it does not know ends the build. */
final class MarkdownToRoff {
  /** Documents that are manual pages too. */
  private static final Map<String, String> PAGES =
      Map.of("parameters.md", "postern.cf(5)", "operating.md", "postern(8)");

  private final Roff roff;

  MarkdownToRoff(Roff roff) {
    this.roff = roff;
  }

  void block(Node node) {
    switch (node) {
      case Heading heading when heading.getLevel() <= 2 ->
          roff.heading(inline(heading).toUpperCase(Locale.ROOT));
      case Heading heading -> roff.subheading(inline(heading));
      case Paragraph paragraph -> roff.paragraph(inline(paragraph));
      case FencedCodeBlock code -> roff.verbatim(code.getLiteral());
      case BulletList list -> children(list).forEach(item -> item(item, "\\(bu"));
      case OrderedList list -> {
        int number = 1;
        for (Node item : children(list)) {
          item(item, number++ + ".");
        }
      }
      case TableBlock table -> table(table);
      default -> throw new IllegalArgumentException("no roff for a " + node);
    }
  }

  private void item(Node item, String mark) {
    roff.item(mark);
    List<Node> blocks = children(item);
    block(blocks.getFirst());
    within(blocks.subList(1, blocks.size()));
  }

  private void within(List<Node> blocks) {
    if (!blocks.isEmpty()) {
      roff.indent();
      blocks.forEach(this::block);
      roff.outdent();
    }
  }

  /**
   * Rows as terms, which are readable on eighty columns: the first cell names what the last one
   * explains; cells between are told with their headings.
   */
  private void table(TableBlock table) {
    List<List<TableCell>> rows = new ArrayList<>();
    collectRows(table, rows);
    List<TableCell> heading = rows.removeFirst();
    for (List<TableCell> row : rows) {
      StringBuilder term = new StringBuilder(inline(row.getFirst()));
      for (int i = 1; i < row.size() - 1; i++) {
        term.append(" (").append(inline(heading.get(i))).append(": ");
        term.append(inline(row.get(i))).append(')');
      }
      roff.term(term.toString());
      roff.paragraph(inline(row.getLast()));
    }
  }

  private static void collectRows(Node node, List<List<TableCell>> rows) {
    for (Node child : children(node)) {
      if (child instanceof TableRow) {
        rows.add(children(child).stream().map(TableCell.class::cast).toList());
      } else {
        collectRows(child, rows);
      }
    }
  }

  private static String inline(Node parent) {
    StringBuilder text = new StringBuilder();
    for (Node node : children(parent)) {
      text.append(
          switch (node) {
            case Text words -> RoffText.plain(words.getLiteral());
            case Code code -> RoffText.bold(RoffText.code(code.getLiteral()));
            case StrongEmphasis strong -> RoffText.bold(inline(strong));
            case Emphasis emphasis -> RoffText.italic(inline(emphasis));
            case SoftLineBreak _ -> " ";
            case Link link -> link(link);
            default -> throw new IllegalArgumentException("no roff for a " + node);
          });
    }
    return text.toString();
  }

  /** A link to another document is its name: nobody clicks on paper. */
  private static String link(Link link) {
    String target = link.getDestination();
    if (target.contains("://")) {
      return inline(link) + " <" + RoffText.code(target) + ">";
    }
    String document = target.replaceFirst("#.*", "").replaceFirst(".*/", "");
    String page = PAGES.get(document);
    return page != null ? RoffText.plain(page) : RoffText.italic(RoffText.code(document));
  }

  static List<Node> children(Node parent) {
    List<Node> children = new ArrayList<>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNext()) {
      children.add(child);
    }
    return children;
  }
}
