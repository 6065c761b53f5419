package org.postern.driver.pattern;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.postern.driver.pattern.libc.BadPatternException;
import org.postern.driver.pattern.libc.CompiledPattern;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.HeapLimit;
import org.postern.platform.text.ValueFiles;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * Reads the rules of regexp_table(5) and pcre_table(5). A rule that is wrong is left out with a
 * warning, in Postfix's words.
 */
final class RuleParser {
  private static final String SKIPPING = "skipping this rule";

  /** What patterns take of which there can be thousands; more than that is asked for. */
  private static final long USUAL_BYTES = 1 << 20;

  private static final long MOST_BYTES = 256 << 20;

  private final TableOpening opening;
  private final PatternSyntax syntax;
  private final Arena arena;
  private final String name;
  private final HeapLimit heap;
  private final ValueFiles valueFiles;
  private int line;

  /**
   * @param arena until when the patterns are needed
   */
  RuleParser(TableOpening opening, PatternSyntax syntax, Arena arena) {
    this.opening = opening;
    this.syntax = syntax;
    this.arena = arena;
    this.name = RuleFile.printableName(opening);
    this.heap = new HeapLimit(opening, opening.name());
    this.valueFiles = new ValueFiles(opening, heap);
  }

  /**
   * Reads a file's rules.
   *
   * @throws TableUnavailableException when one of them would take more memory than there is
   */
  List<Rule> parse(List<RuleFile.Line> lines) throws TableUnavailableException {
    List<Rule> rules = new ArrayList<>();
    Deque<Rule> open = new ArrayDeque<>();
    for (RuleFile.Line one : lines) {
      if (one.text().isEmpty()) {
        continue;
      }
      line = one.number();
      Rule rule = rule(new RuleText(one.text()), open.size());
      if (rule == null) {
        continue;
      }
      if (rule instanceof Rule.If) {
        open.push(rule);
      } else if (rule instanceof Rule.EndIf) {
        open.pop();
      }
      rules.add(rule);
    }
    for (Rule unclosed : open) {
      line = unclosed.line();
      warn("IF has no matching ENDIF");
    }
    return rules;
  }

  private @Nullable Rule rule(RuleText text, int nesting) throws TableUnavailableException {
    if (!RuleText.isAlphanumeric(text.peek())) {
      return match(text);
    }
    if (text.skipKeyword("IF")) {
      return beginning(text);
    }
    if (text.skipKeyword("ENDIF")) {
      return end(text, nesting);
    }
    warn("ignoring unrecognized request");
    return null;
  }

  /** A pattern as it stands in the file. */
  private record Source(String pattern, int options, boolean positive) {}

  private Rule.@Nullable Match match(RuleText text) throws TableUnavailableException {
    Source first = source(text);
    if (first == null) {
      return null;
    }
    Source second = null;
    if (syntax.hasSecondPattern() && text.peek() == '!') {
      second = source(text);
      if (second == null) {
        return null;
      }
    }
    text.skipSpace();
    if (text.isAtEnd()) {
      warn("no replacement text: using empty string");
    }
    Replacement replacement = replacement(text.rest(), first);
    if (replacement == null) {
      return null;
    }
    Condition condition = compile(first, replacement.groups());
    if (condition == null) {
      return null;
    }
    if (replacement.groups() > condition.pattern().groups()) {
      warn("out of range replacement index \"%d\": %s".formatted(replacement.groups(), SKIPPING));
      return null;
    }
    if (second == null) {
      return new Rule.Match(line, condition, null, replacement);
    }
    Condition other = compile(second, 0);
    return other == null ? null : new Rule.Match(line, condition, other, replacement);
  }

  private @Nullable Replacement replacement(String text, Source pattern) {
    String value = text;
    if (has(TableFlags.SRC_RHS_IS_FILE)) {
      try {
        value = valueFiles.read(text);
      } catch (TableUnavailableException e) {
        warn(e.getMessage() + ": " + SKIPPING);
        return null;
      }
    }
    Replacement replacement =
        Replacement.parse(value, syntax.outOfRange(), this::warn, this::warnPlainly);
    if (replacement == null) {
      warn("bad replacement syntax: " + SKIPPING);
      return null;
    }
    if (replacement.groups() > 0 && !pattern.positive()) {
      warn("$number found in negative match replacement text: " + SKIPPING);
      return null;
    }
    if (replacement.groups() > 0 && has(TableFlags.NO_REGSUB)) {
      warn("regular expression substitution is not allowed: " + SKIPPING);
      return null;
    }
    return replacement;
  }

  private Rule.@Nullable If beginning(RuleText text) throws TableUnavailableException {
    text.skipSpace();
    Source source = source(text);
    if (source == null) {
      return null;
    }
    text.skipSpace();
    if (!text.isAtEnd()) {
      warn(
          "ignoring extra text after IF statement: \"%s\""
              .formatted(ByteText.printable(text.rest())));
      warn("do not prepend whitespace to statements between IF and ENDIF");
    }
    Condition condition = compile(source, 0);
    return condition == null ? null : new Rule.If(line, condition);
  }

  private Rule.@Nullable EndIf end(RuleText text, int nesting) {
    if (nesting == 0) {
      warn("ignoring ENDIF without matching IF");
      return null;
    }
    text.skipSpace();
    if (!text.isAtEnd()) {
      warn("ignoring extra text after ENDIF");
    }
    return new Rule.EndIf(line);
  }

  private @Nullable Source source(RuleText text) {
    boolean positive = text.skipNegations();
    if (text.isAtEnd()) {
      warn("no regexp: " + SKIPPING);
      return null;
    }
    char delimiter = text.next();
    StringBuilder pattern = new StringBuilder();
    while (!text.isAtEnd() && (text.peek() != delimiter || text.peek() == '\\')) {
      if (text.peek() == '\\') {
        if (text.rest().length() == 1) {
          break;
        }
        pattern.append(text.next());
      }
      pattern.append(text.next());
    }
    if (text.isAtEnd() || (text.peek() == '\\' && !syntax.lastBackslashCloses())) {
      warn(
          "no closing regexp delimiter \"%s\": %s"
              .formatted(ByteText.printable("" + delimiter), syntax.fateOfUnclosed()));
      return null;
    }
    text.next();
    OptionalInt options = options(text);
    return options.isEmpty() ? null : new Source(pattern.toString(), options.getAsInt(), positive);
  }

  private OptionalInt options(RuleText text) {
    int options = syntax.defaultOptions();
    while (!text.isAtEnd()
        && !ByteText.isSpace(text.peek())
        && !(syntax.hasSecondPattern() && text.peek() == '!')) {
      char flag = text.next();
      OptionalInt option = syntax.option(flag);
      if (option.isPresent()) {
        options ^= option.getAsInt();
      } else if (syntax.isObsolete(flag)) {
        warn("ignoring obsolete regexp option \"%c\"".formatted(flag));
      } else {
        warn("unknown regexp option \"%s\": %s".formatted(ByteText.printable("" + flag), SKIPPING));
        return OptionalInt.empty();
      }
    }
    return OptionalInt.of(options);
  }

  private @Nullable Condition compile(Source source, int wanted) throws TableUnavailableException {
    askForMemory(source);
    try {
      CompiledPattern pattern = syntax.compile(arena, source.pattern(), source.options(), wanted);
      return new Condition(
          pattern, source.positive(), syntax.requiredLiteral(source.pattern(), source.options()));
    } catch (BadPatternException e) {
      warn(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void askForMemory(Source source) throws TableUnavailableException {
    long bytes = syntax.memory(source.pattern(), source.options());
    if (bytes > MOST_BYTES) {
      throw new TableUnavailableException(
          "%s map %s, line %d: pattern needs too much memory: use fewer repetitions or parentheses"
              .formatted(opening.maptype(), opening.name(), line));
    }
    if (bytes > USUAL_BYTES) {
      heap.keep(bytes);
    }
  }

  private boolean has(int flag) {
    return (opening.instanceFlags() & flag) != 0;
  }

  private void warn(String text) {
    warnPlainly("%s map %s, line %d: %s".formatted(opening.maptype(), name, line, text));
  }

  private void warnPlainly(String text) {
    opening.logger().log(System.Logger.Level.WARNING, text);
  }
}
