package org.postern.driver.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.tablekit.LookupKey;
import org.postern.tablekit.Template.Expansion;

/**
 * What a query template has become for connections that read literals in one way: text, parameters
 * to be bound, and what can only be put into the text.
 *
 * @param segments in the order of the query
 * @param constantSql the text, with {@code ?} for what is bound, if it is the same for every key,
 *     so that it is prepared once
 */
record QueryPlan(List<Segment> segments, @Nullable String constantSql) {

  sealed interface Segment {}

  /** SQL as it stands. */
  record Sql(String text) implements Segment {}

  /**
   * A string literal that holds expansions, bound as one parameter.
   *
   * @param parts its content: text without quotes and escapes, and expansions
   * @param isBare whether it stands without quotes in the query, as only a number can
   */
  record Bound(List<Part> parts, boolean isBare) implements Segment {
    Bound {
      parts = List.copyOf(parts);
    }

    Bound(List<Part> parts) {
      this(parts, false);
    }

    String value(LookupKey key) {
      if (parts.size() == 1 && parts.getFirst() instanceof KeyPart(Expansion expansion)) {
        return key.part(expansion);
      }
      StringBuilder value = new StringBuilder();
      for (Part part : parts) {
        value.append(
            part instanceof KeyPart(Expansion expansion)
                ? key.part(expansion)
                : ((TextPart) part).text());
      }
      return value.toString();
    }
  }

  /**
   * An expansion in a place where no parameter can stand.
   *
   * @param place what it stands in
   */
  record Inserted(Expansion expansion, Place place) implements Segment {}

  sealed interface Part {}

  record TextPart(String text) implements Part {}

  record KeyPart(Expansion expansion) implements Part {}

  /** Where something is inserted, which decides how it is quoted. */
  enum Place {
    /** In a string literal whose quote is {@code '}, with backslash escapes. */
    ESCAPED_LITERAL,
    /** In a string literal whose quote is {@code '}, in which only that is special. */
    PLAIN_LITERAL,
    /** Within {@code "…"}, with backslash escapes. */
    ESCAPED_DOUBLE_QUOTES,
    /** Within {@code "…"}, in which only that is special. */
    PLAIN_DOUBLE_QUOTES,
    /** Within {@code `…`}. */
    BACKTICKS,
    /** In the bare text. */
    BARE
  }

  QueryPlan {
    segments = List.copyOf(segments);
  }

  static QueryPlan of(List<Segment> segments) {
    StringBuilder sql = new StringBuilder();
    for (Segment segment : segments) {
      if (segment instanceof Inserted) {
        return new QueryPlan(segments, null);
      }
      sql.append(segment instanceof Sql(String text) ? text : "?");
    }
    return new QueryPlan(segments, sql.toString());
  }

  /**
   * The text for a key, with {@code ?} for what is bound.
   *
   * @throws UnquotableException when the key cannot be put where it should be
   */
  String sql(LookupKey key) throws UnquotableException {
    StringBuilder sql = new StringBuilder();
    for (Segment segment : segments) {
      if (segment instanceof Inserted(Expansion expansion, Place place)) {
        sql.append(Quoting.quoted(key.part(expansion), place));
      } else {
        sql.append(segment instanceof Sql(String text) ? text : "?");
      }
    }
    return sql.toString();
  }

  /**
   * The whole text for a key, for a system that is asked by text.
   *
   * @return a byte string
   * @throws UnquotableException when the key cannot be put where it should be
   */
  String text(LookupKey key, Dialect dialect) throws UnquotableException {
    StringBuilder sql = new StringBuilder();
    for (Segment segment : segments) {
      if (segment instanceof Sql(String text)) {
        sql.append(text);
      } else if (segment instanceof Bound bound) {
        String value = bound.value(key);
        sql.append(
            bound.isBare() && dialect.wantsNumbers()
                ? BareNumber.spaced(value)
                : dialect.literal(value));
      } else {
        Inserted inserted = (Inserted) segment;
        sql.append(Quoting.quoted(key.part(inserted.expansion()), inserted.place()));
      }
    }
    return sql.toString();
  }

  /**
   * Whether a key has something that is no number where the query has a value without quotes. Then
   * nothing in the table can be meant: to MySQL {@code n = 'bob'} is {@code n = 0}.
   */
  boolean lacksNumber(LookupKey key) {
    for (Segment segment : segments) {
      if (segment instanceof Bound bound && bound.isBare() && !BareNumber.is(bound.value(key))) {
        return true;
      }
    }
    return false;
  }

  /** What is bound for a key, in the order of the query. */
  List<String> parameters(LookupKey key) {
    return segments.stream()
        .filter(Bound.class::isInstance)
        .map(bound -> ((Bound) bound).value(key))
        .toList();
  }

  /** The text as {@code check} shows it, with the template's letters where text is inserted. */
  String shown() {
    StringBuilder sql = new StringBuilder();
    for (Segment segment : segments) {
      switch (segment) {
        case Sql(String text) -> sql.append(text);
        case Bound _ -> sql.append('?');
        case Inserted(Expansion expansion, Place _) -> sql.append(letter(expansion));
      }
    }
    return sql.toString();
  }

  /** The same for a system that is asked by text: {@code a = '%u@%d'}. */
  String shownWithValues() {
    StringBuilder sql = new StringBuilder();
    for (Segment segment : segments) {
      switch (segment) {
        case Sql(String text) -> sql.append(text);
        case Bound bound ->
            sql.append(bound.isBare() ? shown(bound) : "'" + shown(bound).replace("'", "''") + "'");
        case Inserted(Expansion expansion, Place _) -> sql.append(letter(expansion));
      }
    }
    return sql.toString();
  }

  /** What is bound, as {@code check} shows it: {@code %u@%d}. */
  List<String> shownParameters() {
    return segments.stream()
        .filter(Bound.class::isInstance)
        .map(bound -> shown((Bound) bound))
        .toList();
  }

  private static String shown(Bound bound) {
    StringBuilder shown = new StringBuilder();
    for (Part part : bound.parts()) {
      shown.append(
          switch (part) {
            case TextPart(String text) -> text;
            case KeyPart(Expansion expansion) -> letter(expansion);
          });
    }
    return shown.toString();
  }

  private static String letter(Expansion expansion) {
    return switch (expansion.part()) {
      case WHOLE -> "%s";
      case USER -> "%u";
      case DOMAIN -> "%d";
      case LABEL -> "%" + expansion.label();
    };
  }
}
