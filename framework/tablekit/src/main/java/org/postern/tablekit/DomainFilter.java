package org.postern.tablekit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.Braces;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.FileTrouble;
import org.postern.platform.text.SourceFile;
import org.postern.spi.ConfigError;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * The parameter {@code domain}: only addresses in one of these domains are asked for. A list of
 * names, of {@code /file/name} with more of the list, and of {@code type:name} tables; {@code !}
 * excludes, and the first that matches decides.
 */
public final class DomainFilter {
  /** What is told of a key that this ends the lookup of. */
  public static final String REFUSED = "no server is asked: the parameter \"domain\" leaves it out";

  private static final int DEEPEST_FILE = 100;

  private sealed interface Pattern {}

  private record Name(String domain, boolean matches) implements Pattern {}

  private record Member(String typeAndName, Table table, int flags, boolean matches)
      implements Pattern {}

  private final TableOpening opening;
  private final TableConfig config;
  private final List<Pattern> patterns = new ArrayList<>();

  private DomainFilter(TableOpening opening, TableConfig config) {
    this.opening = opening;
    this.config = config;
  }

  /**
   * The filter of the table being opened; its files are watched.
   *
   * @throws TableUnavailableException when a file of the list cannot be read
   */
  public static DomainFilter read(TableConfig config, TableOpening opening)
      throws TableUnavailableException {
    DomainFilter filter = new DomainFilter(opening, config);
    filter.parse(config.string("domain").orElse(""), true, 0);
    return filter;
  }

  /** Whether there is any restriction. */
  public boolean isSet() {
    return !patterns.isEmpty();
  }

  private void parse(String text, boolean matches, int depth) throws TableUnavailableException {
    boolean isFirst = true;
    for (String word : Braces.split(text)) {
      if (word.startsWith("#")) {
        if (!isFirst) {
          warn("comment at end of line is not supported: " + text.substring(text.indexOf(word)));
        }
        return;
      }
      isFirst = false;
      boolean positive = matches;
      String pattern = word;
      while (pattern.startsWith("!")) {
        positive = !positive;
        pattern = pattern.substring(1);
      }
      if (pattern.isEmpty()) {
        throw new TableUnavailableException(config.name() + ": no pattern after '!'");
      }
      if (pattern.startsWith("/")) {
        parseFile(pattern, positive, depth + 1);
      } else if (pattern.indexOf(':') >= 0 && !pattern.startsWith("[")) {
        Table table = opening.openMember(ByteText.bytes(pattern));
        patterns.add(new Member(pattern, table, opening.instanceFlags() | table.flags(), positive));
      } else {
        patterns.add(new Name(folded(pattern), positive));
      }
    }
  }

  private void parseFile(String name, boolean matches, int depth) throws TableUnavailableException {
    if (depth > DEEPEST_FILE) {
      throw new TableUnavailableException(
          config.name() + ": files nested more than " + DEEPEST_FILE + " deep: " + name);
    }
    Path file = SourceFile.watched(config.text("domain", name), opening);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(SourceFile.open(file), StandardCharsets.ISO_8859_1))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        parse(line, matches, depth);
      }
    } catch (IOException e) {
      throw new TableUnavailableException(
          "open file " + ByteText.printable(name) + ": " + FileTrouble.words(e), e);
    }
  }

  private void warn(String text) {
    opening
        .logger()
        .log(System.Logger.Level.WARNING, config.name() + ": " + ByteText.printable(text));
  }

  /**
   * What ends the lookup of a key before the backend is asked: it is not in the table, or whether
   * it may be cannot be found out now. May wait for a table of the list.
   *
   * @param key a byte string
   * @return null when the backend is to be asked
   */
  public @Nullable LookupResult refusal(String key) {
    return refusal(key, false);
  }

  /** The same without waiting: also null when a table of the list would have to wait. */
  public @Nullable LookupResult refusalAtOnce(String key) {
    return refusal(key, true);
  }

  private @Nullable LookupResult refusal(String key, boolean atOnce) {
    if (!isSet()) {
      return null;
    }
    int at = key.lastIndexOf('@');
    String domain = folded(key.substring(at + 1));
    if (at <= 0) {
      return NotFound.NOT_FOUND;
    }
    for (Pattern pattern : patterns) {
      if (pattern instanceof Name(String name, boolean matches)) {
        if (name.equals(domain)) {
          return matches ? null : NotFound.NOT_FOUND;
        }
        continue;
      }
      Member member = (Member) pattern;
      byte[] bytes = ByteText.bytes(domain);
      LookupResult found =
          atOnce
              ? atOnce(member.table(), bytes, member.flags())
              : member.table().lookup(bytes, member.flags());
      if (found == null) {
        return null;
      }
      if (found instanceof Found) {
        return member.matches() ? null : NotFound.NOT_FOUND;
      }
      if (found instanceof Retry(String reason)) {
        return new Retry(problem(member.typeAndName(), reason));
      }
      if (found instanceof ConfigError(String reason, int _)) {
        return new Retry(problem(member.typeAndName(), reason));
      }
    }
    return NotFound.NOT_FOUND;
  }

  private static @Nullable LookupResult atOnce(Table table, byte[] domain, int flags) {
    return table.answersFromMemory()
        ? table.lookup(domain, flags)
        : table.lookupAtOnce(domain, flags);
  }

  private String problem(String typeAndName, String reason) {
    return config.name()
        + ": "
        + ByteText.printable(typeAndName)
        + ": table lookup problem: "
        + reason;
  }

  private static String folded(String domain) {
    if (ByteText.isAscii(domain)) {
      return domain.toLowerCase(Locale.ROOT);
    }
    String characters = ByteText.decodeUtf8(domain);
    return characters == null
        ? domain
        : ByteText.of(characters.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
  }
}
