package org.postern.host.approval;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.config.LogicalLines;
import org.postern.config.Origin;
import org.postern.config.WatchedFiles;
import org.postern.platform.text.ByteStrings;

/** Finds the tables in the value of a parameter, as proxymap(8) of Postfix 3.12 does. */
final class TableList {
  private static final String PROXY = "proxy:";
  private static final int DEEPEST = 200;

  /** Takes what is found. */
  interface Sink {
    /**
     * A table.
     *
     * @param proxied whether {@code proxy:} stood before it
     * @param where the line, for a table in a file that the parameter names
     */
    void table(String typeAndName, boolean proxied, Optional<Origin> where);
  }

  private final Sink sink;
  private final Consumer<String> warnings;
  private final @Nullable WatchedFiles files;
  private final Set<Path> filesRead = new HashSet<>();
  private int depth;

  /**
   * @param warnings takes what Postfix would warn of, in its words
   * @param files notes each {@code /file/name} before it is read; null to look into none
   */
  TableList(Sink sink, Consumer<String> warnings, @Nullable WatchedFiles files) {
    this.sink = sink;
    this.warnings = warnings;
    this.files = files;
  }

  /**
   * Goes through an expanded value.
   *
   * @param content whose content it is, for warnings
   */
  void scan(String value, String content) {
    scan(value, content, Optional.empty());
  }

  private void scan(String value, String content, Optional<Origin> where) {
    if (++depth > DEEPEST) {
      warnings.accept("bad syntax in " + content + " content: tables are nested too deep");
    } else {
      Words words = new Words(value);
      String previous = "";
      for (String word = words.next(); word != null; word = words.next()) {
        // What follows check_policy_service is a server, though it looks like a table.
        if (!previous.equals("check_policy_service") || word.startsWith(PROXY)) {
          word(word, content, where);
        }
        previous = word;
      }
    }
    depth--;
  }

  private void word(String listed, String content, Optional<Origin> where) {
    String word = listed;
    if (word.startsWith("{")) {
      String inside = insideBraces(word, content);
      word = inside == null ? null : new Words(inside).next();
      if (word == null) {
        return;
      }
    }
    if (word.startsWith("/")) {
      if (files != null) {
        scanFile(word, files);
      }
      return;
    }
    if (!ByteStrings.isAlphanumeric(word.charAt(0)) || word.indexOf(':') < 0) {
      return;
    }
    String members = membersOf(word);
    if (members != null) {
      String inside = members.startsWith("{") ? insideBraces(members, content) : null;
      if (inside != null) {
        scan(inside, content, where);
      }
      return;
    }
    boolean proxied = word.startsWith(PROXY);
    while (word.startsWith(PROXY)) {
      word = word.substring(PROXY.length());
    }
    // 3.12 approves what has no colon left too, though no request can name it; 3.7 does not.
    if (word.indexOf(':') >= 0) {
      sink.table(word, proxied, where);
    }
  }

  private static @Nullable String membersOf(String word) {
    for (String type : new String[] {"unionmap:", "pipemap:"}) {
      if (word.startsWith(type)) {
        return word.substring(type.length());
      }
    }
    return null;
  }

  private @Nullable String insideBraces(String word, String content) {
    try {
      return Words.insideBraces(word);
    } catch (Words.UnbalancedException e) {
      warnings.accept("bad syntax in " + content + " content: " + e.getMessage());
      return null;
    }
  }

  private void scanFile(String name, WatchedFiles files) {
    try {
      Path file = Path.of(ByteStrings.decode(name));
      // A file that names itself would go on for ever; one named twice adds nothing.
      if (!filesRead.add(file)) {
        return;
      }
      files.add(file);
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        warnings.accept("open " + name + ": not a regular file");
        return;
      }
      LogicalLines lines = new LogicalLines(name, Files.readString(file, ISO_8859_1), warnings);
      for (LogicalLines.Line line = lines.next(); line != null; line = lines.next()) {
        scan(line.text(), name, Optional.of(new Origin.InFile(file, line.number())));
      }
    } catch (NoSuchFileException e) {
      warnings.accept("open " + name + ": No such file or directory");
    } catch (IOException | InvalidPathException e) {
      warnings.accept("open " + name + ": " + e.getMessage());
    }
  }
}
