package org.postern.driver.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postern.driver.sql.QueryPlan.Bound;
import org.postern.driver.sql.QueryPlan.Inserted;
import org.postern.driver.sql.QueryPlan.KeyPart;
import org.postern.driver.sql.QueryPlan.Part;
import org.postern.driver.sql.QueryPlan.Place;
import org.postern.driver.sql.QueryPlan.Segment;
import org.postern.driver.sql.QueryPlan.Sql;
import org.postern.driver.sql.QueryPlan.TextPart;
import org.postern.tablekit.Template;
import org.postern.tablekit.Template.Expansion;
import org.postern.tablekit.Template.Literal;

/**
 * Finds out where in a query its expansions stand. A string literal that holds some becomes one
 * parameter, and so does one that stands where a value does without quotes; where SQL lets no
 * parameter stand, or that is not sure, the key is put into the text.
 */
final class QueryParser {
  /** Stands for an expansion in the text that is parsed. No query can hold it: it is no byte. */
  private static final char HOLE = '\uffff';

  private static final String OPERATORS = "=<>(,+-*/|!~[&^";

  /** After these words stands an expression. */
  private static final Set<String> BEFORE_VALUE =
      Set.of(
          "select",
          "where",
          "and",
          "or",
          "not",
          "like",
          "ilike",
          "in",
          "between",
          "then",
          "when",
          "else",
          "on",
          "having",
          "rlike",
          "regexp",
          "limit",
          "offset",
          "returning",
          "values",
          "distinct",
          "xor",
          "div",
          "mod",
          "case",
          "glob",
          "match",
          "concat",
          "escape");

  /** After these words stand names, until another of the words. */
  private static final Set<String> BEFORE_NAME =
      Set.of("from", "join", "into", "update", "table", "by", "as", "using");

  private final SqlSyntax syntax;
  private final boolean backslashes;
  private final String text;
  private final List<Expansion> holes = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();
  private final StringBuilder sql = new StringBuilder();
  private int at;
  private int hole;
  private String lastWord = "";
  private boolean wantsNames;

  private QueryParser(Template template, SqlSyntax syntax, boolean backslashes) {
    this.syntax = syntax;
    this.backslashes = backslashes;
    StringBuilder whole = new StringBuilder();
    for (Template.Piece piece : template.pieces()) {
      if (piece instanceof Expansion expansion) {
        whole.append(HOLE);
        holes.add(expansion);
      } else {
        whole.append(((Literal) piece).text());
      }
    }
    this.text = whole.toString();
  }

  /**
   * The plan for a query.
   *
   * @param backslashes whether the connection reads backslashes in literals as escapes
   * @param bind false to bind nothing: for a server that does not take parameters where it should
   */
  static QueryPlan parse(Template template, SqlSyntax syntax, boolean backslashes, boolean bind) {
    return new QueryParser(template, syntax, backslashes).run(bind);
  }

  private QueryPlan run(boolean bind) {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\'') {
        literal(bind);
      } else if (c == '"') {
        quoted('"', backslashes && syntax.doubleQuotes());
      } else if (c == '`' && syntax.backticks()) {
        quoted('`', false);
      } else if (startsComment(c)) {
        comment(text.indexOf('\n', at), 1);
      } else if (text.startsWith("/*", at)) {
        comment(text.indexOf("*/", at + 2), 2);
      } else if (c == '$' && syntax.dollarQuotes() && dollarTag() != null) {
        String tag = String.valueOf(dollarTag());
        copyThrough(text.indexOf(tag, at + tag.length()), tag.length());
      } else if (c == HOLE) {
        bareHole(bind);
      } else if (isWordChar(c)) {
        word();
      } else {
        sql.append(c);
        at++;
      }
    }
    flush();
    return QueryPlan.of(segments);
  }

  private boolean startsComment(char c) {
    return text.startsWith("--", at) || (c == '#' && syntax.hashComments());
  }

  private @Nullable String dollarTag() {
    int end = text.indexOf('$', at + 1);
    if (end < 0 || (at > 0 && isWordChar(text.charAt(at - 1)))) {
      return null;
    }
    String tag = text.substring(at, end + 1);
    return tag.substring(1, tag.length() - 1).chars().allMatch(c -> isWordChar((char) c))
        ? tag
        : null;
  }

  private void word() {
    int start = at;
    while (at < text.length() && isWordChar(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    sql.append(word);
    lastWord = word.toLowerCase(Locale.ROOT);
    if (BEFORE_NAME.contains(lastWord)) {
      wantsNames = true;
    } else if (BEFORE_VALUE.contains(lastWord) || lastWord.equals("call")) {
      wantsNames = false;
    }
  }

  private static boolean isWordChar(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || (c > 0x7f && c != HOLE);
  }

  /** A comment: nothing of the key goes into it. */
  private void comment(int end, int length) {
    int limit = end < 0 ? text.length() : end + length;
    for (; at < limit; at++) {
      if (text.charAt(at) == HOLE) {
        hole++;
      } else {
        sql.append(text.charAt(at));
      }
    }
  }

  /** Everything up to a place, taken as it is; expansions in it are put into the text. */
  private void copyThrough(int end, int length) {
    int limit = end < 0 ? text.length() : end + length;
    while (at < limit) {
      char c = text.charAt(at++);
      if (c == HOLE) {
        insert(Place.BARE);
      } else {
        sql.append(c);
      }
    }
  }

  /** {@code '…'}: one parameter if it holds an expansion and a parameter can stand there. */
  private void literal(boolean bind) {
    boolean hasPrefix = at > 0 && (isWordChar(text.charAt(at - 1)) || text.charAt(at - 1) == '&');
    boolean isEscapeLiteral =
        hasPrefix && syntax.escapePrefix() && lastWord.equals("e") && sql.length() > 0;
    boolean escapes = backslashes || isEscapeLiteral;
    boolean canBind = bind && !hasPrefix && valueMayStandHere();
    int start = at;
    List<Part> parts = new ArrayList<>();
    StringBuilder content = new StringBuilder();
    boolean holds = false;
    int firstHole = hole;
    int i = at + 1;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\'') {
        if (i + 1 < text.length() && text.charAt(i + 1) == '\'') {
          content.append('\'');
          i += 2;
          continue;
        }
        break;
      }
      if (c == '\\' && escapes && i + 1 < text.length()) {
        char escaped = text.charAt(i + 1);
        // What only some systems know, or an expansion right after it, is left to the server.
        canBind &= escaped == '\\' || escaped == '\'';
        content.append(escaped);
        if (escaped == HOLE) {
          i++;
          continue;
        }
        i += 2;
        continue;
      }
      if (c == HOLE) {
        holds = true;
        if (!content.isEmpty()) {
          parts.add(new TextPart(content.toString()));
          content.setLength(0);
        }
        parts.add(new KeyPart(holes.get(hole++)));
      } else {
        content.append(c);
      }
      i++;
    }
    canBind &= i < text.length() && !aLiteralFollows(i + 1);
    if (holds && canBind) {
      if (!content.isEmpty()) {
        parts.add(new TextPart(content.toString()));
      }
      flush();
      segments.add(new Bound(parts));
    } else {
      hole = firstHole;
      Place place = escapes ? Place.ESCAPED_LITERAL : Place.PLAIN_LITERAL;
      for (int j = start; j <= Math.min(i, text.length() - 1); j++) {
        if (text.charAt(j) == HOLE) {
          insert(place);
        } else {
          sql.append(text.charAt(j));
        }
      }
    }
    at = Math.min(i + 1, text.length());
    lastWord = "";
  }

  private boolean aLiteralFollows(int from) {
    int next = from;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    return next < text.length() && "'\"".indexOf(text.charAt(next)) >= 0;
  }

  /** {@code "…"} and {@code `…`}: names, or in some modes literals; never bound. */
  private void quoted(char quote, boolean escapes) {
    sql.append(quote);
    at++;
    Place place =
        quote == '`'
            ? Place.BACKTICKS
            : escapes ? Place.ESCAPED_DOUBLE_QUOTES : Place.PLAIN_DOUBLE_QUOTES;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == HOLE) {
        insert(place);
        continue;
      }
      sql.append(c);
      if (c == '\\' && escapes && at < text.length() && text.charAt(at) != HOLE) {
        sql.append(text.charAt(at++));
      } else if (c == quote) {
        break;
      }
    }
    lastWord = "";
  }

  private void bareHole(boolean bind) {
    boolean touchesWord =
        (at > 0 && touches(text.charAt(at - 1)))
            || (at + 1 < text.length() && touches(text.charAt(at + 1)));
    if (bind && !touchesWord && valueMayStandHere()) {
      flush();
      segments.add(new Bound(List.of(new KeyPart(holes.get(hole++))), true));
    } else {
      insert(Place.BARE);
    }
    at++;
    lastWord = "";
  }

  private static boolean touches(char c) {
    return isWordChar(c) || ".@:$\"`'".indexOf(c) >= 0 || c == HOLE;
  }

  private boolean valueMayStandHere() {
    int before = at - 1;
    while (before >= 0 && Character.isWhitespace(text.charAt(before))) {
      before--;
    }
    if (wantsNames || before < 0) {
      return false;
    }
    char c = text.charAt(before);
    return isWordChar(c) ? BEFORE_VALUE.contains(lastWord) : OPERATORS.indexOf(c) >= 0;
  }

  private void insert(Place place) {
    flush();
    segments.add(new Inserted(holes.get(hole++), place));
  }

  private void flush() {
    if (!sql.isEmpty()) {
      segments.add(new Sql(sql.toString()));
      sql.setLength(0);
    }
  }
}
