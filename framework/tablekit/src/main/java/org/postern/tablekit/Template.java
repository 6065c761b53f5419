package org.postern.tablekit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A query or result format with its {@code %} expansions, parsed once: mysql_table(5). Made by
 * {@link LookupTemplates}.
 *
 * @param pieces in the order of the text; no two literals stand side by side
 */
public record Template(List<Piece> pieces) {

  /** A stretch of the text. */
  public sealed interface Piece permits Literal, Expansion {}

  /**
   * Text that stands for itself.
   *
   * @param text a byte string, not empty
   */
  public record Literal(String text) implements Piece {}

  /**
   * What is to be replaced.
   *
   * @param source what is taken apart: the lookup key, or in a result format the value found
   * @param label which label of the domain for {@link Part#LABEL}, 1 being the last one
   */
  public record Expansion(Source source, Part part, int label) implements Piece {}

  /** What an expansion takes its text from. */
  public enum Source {
    KEY,
    VALUE
  }

  /** Which part of it. */
  public enum Part {
    WHOLE,
    USER,
    DOMAIN,
    LABEL
  }

  public Template {
    pieces = List.copyOf(pieces);
  }

  /** Whether nothing of it depends on the key. */
  public boolean isConstant() {
    return pieces.stream().allMatch(Literal.class::isInstance);
  }

  /**
   * A query for one key.
   *
   * @param quote makes what is put in harmless at its place
   */
  public String expand(LookupKey key, UnaryOperator<String> quote) {
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      text.append(
          piece instanceof Expansion expansion
              ? quote.apply(key.part(expansion))
              : ((Literal) piece).text());
    }
    return text.toString();
  }

  /** The template that a text is; null when it has a {@code %} that stands for nothing. */
  static @Nullable Template parse(String text, boolean isResult) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int start = 0;
    for (int percent = text.indexOf('%'); percent >= 0; percent = text.indexOf('%', start)) {
      literal.append(text, start, percent);
      char letter = percent + 1 < text.length() ? text.charAt(percent + 1) : '\0';
      start = percent + 2;
      if (letter == '%') {
        literal.append('%');
        continue;
      }
      Expansion expansion = expansion(letter, isResult);
      if (expansion == null) {
        return null;
      }
      addLiteral(literal, pieces);
      pieces.add(expansion);
    }
    literal.append(text, Math.min(start, text.length()), text.length());
    addLiteral(literal, pieces);
    return new Template(pieces);
  }

  private static void addLiteral(StringBuilder literal, List<Piece> pieces) {
    if (!literal.isEmpty()) {
      pieces.add(new Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  private static @Nullable Expansion expansion(char letter, boolean isResult) {
    Source lower = isResult ? Source.VALUE : Source.KEY;
    return switch (letter) {
      case 's' -> new Expansion(lower, Part.WHOLE, 0);
      case 'u' -> new Expansion(lower, Part.USER, 0);
      case 'd' -> new Expansion(lower, Part.DOMAIN, 0);
      case 'S' -> new Expansion(Source.KEY, Part.WHOLE, 0);
      case 'U' -> new Expansion(Source.KEY, Part.USER, 0);
      case 'D' -> new Expansion(Source.KEY, Part.DOMAIN, 0);
      default ->
          letter >= '1' && letter <= '9'
              ? new Expansion(Source.KEY, Part.LABEL, letter - '0')
              : null;
    };
  }
}
