package org.postern.config;

import org.jspecify.annotations.Nullable;
import org.postern.platform.text.ByteStrings;

/**
 * Replaces {@code $name}, {@code ${name?text}}, {@code ${name:{text}}}, {@code ${{left} == {right}
 * ? {text} : {text}}} and {@code $$} in a value, and again in what they stand for: "the $name of
 * main.cf" of postconf(5).
 *
 * <p>Where Postfix would run out of memory, time or stack (values that multiply, a comparison that
 * asks for itself), this stops with an error. One instance serves one value and one thread.
 */
final class Expansion {
  /** Postfix's own limit, which is what ends {@code a = $a}. */
  private static final int DEEPEST_REFERENCE = 100;

  /** Comparisons begin a new count in Postfix, so they need a limit of their own. */
  private static final int DEEPEST_NESTING = 300;

  /** Bytes. */
  private static final int LONGEST_RESULT = 16 << 20;

  /** Bytes that are gone through, over all references. */
  private static final int MOST_WORK = 64 << 20;

  /** The value of a parameter before expansion, or null when it has none. */
  interface Values {
    @Nullable String get(String name);
  }

  private final Values values;
  private int nesting;
  private int work;

  Expansion(Values values) {
    this.values = values;
  }

  /**
   * Expands a parameter's value.
   *
   * @param parameter to blame for a mistake in the value itself
   */
  String expand(String parameter, String value) throws ExpansionException {
    StringBuilder result = new StringBuilder();
    expand(parameter, value, 0, result);
    return result.toString();
  }

  private void expand(String owner, String text, int level, StringBuilder result)
      throws ExpansionException {
    work += text.length() + 1;
    if (++nesting > DEEPEST_NESTING || work > MOST_WORK || result.length() > LONGEST_RESULT) {
      throw new ExpansionException(
          owner, "unreasonable macro call nesting: \"" + SyntaxException.shorten(text) + "\"");
    }
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != '$') {
        literal.append(c);
        at++;
      } else if (text.startsWith("$$", at)) {
        literal.append('$');
        at += 2;
      } else {
        endLiteral(owner, literal, level, result);
        int end = endOfReference(owner, text, at + 1);
        boolean bracketed = end > at + 1 && "({".indexOf(text.charAt(at + 1)) >= 0;
        String reference =
            bracketed ? text.substring(at + 2, end - 1) : text.substring(at + 1, end);
        if (reference.isEmpty()) {
          throw new ExpansionException(
              owner, "empty macro name: \"" + SyntaxException.shorten(text) + "\"");
        }
        evaluate(owner, reference, level, result);
        at = end;
      }
    }
    endLiteral(owner, literal, level, result);
    nesting--;
  }

  private static void endLiteral(
      String owner, StringBuilder literal, int level, StringBuilder result)
      throws ExpansionException {
    if (!literal.isEmpty()) {
      checkLevel(owner, literal.toString(), level);
      result.append(literal);
      literal.setLength(0);
    }
  }

  private static void checkLevel(String owner, String text, int level) throws ExpansionException {
    if (level > DEEPEST_REFERENCE) {
      throw new ExpansionException(
          owner,
          "unreasonable macro call nesting: \""
              + SyntaxException.shorten(text)
              + "\": does the value refer to itself?");
    }
  }

  /** Where the reference after a dollar sign ends, with its bracket. */
  private static int endOfReference(String owner, String text, int start)
      throws ExpansionException {
    int kind = start < text.length() ? "({".indexOf(text.charAt(start)) : -1;
    if (kind < 0) {
      int end = start;
      while (end < text.length() && isNameCharacter(text.charAt(end))) {
        end++;
      }
      return end;
    }
    char open = "({".charAt(kind);
    char close = ")}".charAt(kind);
    int level = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == open) {
        level++;
      } else if (c == close && --level == 0) {
        return i + 1;
      }
    }
    throw new ExpansionException(
        owner, "truncated macro reference: \"" + SyntaxException.shorten(text) + "\"");
  }

  private void evaluate(String owner, String reference, int level, StringBuilder result)
      throws ExpansionException {
    checkLevel(owner, reference, level);
    try {
      TextCursor cursor = new TextCursor(reference);
      if (cursor.findBrace()) {
        String truth = compare(owner, cursor) ? "true" : "";
        choose(owner, owner, truth, cursor, level, result);
        return;
      }
      cursor.skipSpace();
      String name = cursor.takeWhile(Expansion::isNameCharacter);
      cursor.skipSpace();
      if (cursor.peek() == '{') {
        call(owner, name, cursor, result);
      } else {
        String value = values.get(name);
        choose(owner, name, value == null ? "" : value, cursor, level, result);
      }
    } catch (SyntaxException e) {
      throw new ExpansionException(owner, e.reason());
    }
  }

  private boolean compare(String owner, TextCursor cursor)
      throws SyntaxException, ExpansionException {
    String left = cursor.takeBraces();
    Comparison comparison = Comparison.parse(cursor);
    if (!cursor.findBrace()) {
      throw new SyntaxException(
          "\"{expression}\" expected at: \"...>>>" + SyntaxException.shorten(cursor.rest()) + "\"");
    }
    String right = cursor.takeBraces();
    return comparison.evaluate(operand(owner, left), operand(owner, right));
  }

  private String operand(String owner, String text) throws ExpansionException {
    StringBuilder value = new StringBuilder();
    expand(owner, text, 0, value);
    return value.toString();
  }

  private void call(String owner, String name, TextCursor cursor, StringBuilder result)
      throws SyntaxException, ExpansionException {
    String argument = cursor.takeBraces();
    if (!cursor.atEnd()) {
      throw unexpected(cursor);
    }
    result.append(NamedFunction.call(name, operand(owner, argument.strip())));
  }

  /**
   * What comes after a name or a comparison: nothing, {@code ?text}, {@code :text}, {@code
   * ?{text}:{text}}.
   *
   * @param valueOwner whose value it is, for blame
   */
  private void choose(
      String owner,
      String valueOwner,
      String value,
      TextCursor cursor,
      int level,
      StringBuilder result)
      throws SyntaxException, ExpansionException {
    boolean set = !value.isEmpty();
    if (cursor.atEnd()) {
      if (set) {
        expand(valueOwner, value, level + 1, result);
      }
      return;
    }
    char operator = cursor.peek();
    if (operator != '?' && operator != ':') {
      throw new SyntaxException(
          "attribute name syntax error at: \"...>>>"
              + SyntaxException.shorten(cursor.rest())
              + "\"");
    }
    cursor.advance();
    if (operator == '?') {
      String then = cursor.findBrace() ? cursor.takeBraces() : cursor.takeRest();
      if (set) {
        expand(owner, then, level + 1, result);
      }
      if (cursor.atEnd()) {
        return;
      }
      if (cursor.peek() != ':') {
        throw new SyntaxException(
            "\":\" expected at: \"...}>>>" + SyntaxException.shorten(cursor.rest()) + "\"");
      }
      cursor.advance();
    }
    String otherwise = cursor.findBrace() ? cursor.takeBraces() : cursor.takeRest();
    if (!set) {
      expand(owner, otherwise, level + 1, result);
    }
    if (!cursor.atEnd()) {
      throw unexpected(cursor);
    }
  }

  private static SyntaxException unexpected(TextCursor cursor) {
    return new SyntaxException(
        "unexpected input at: \"...}>>>" + SyntaxException.shorten(cursor.rest()) + "\"");
  }

  private static boolean isNameCharacter(char c) {
    return ByteStrings.isAlphanumeric(c) || c == '_';
  }
}
