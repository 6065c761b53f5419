package org.postern.driver.textfile;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One case of a transcript: a table, what is asked, what is answered, what is logged.
 *
 * <pre>
 * case: what it shows
 * open: maptype, and options of postmap(1)
 * | a line of the source        $ the last one, without a line end, or the table's name
 * ! a line of the log
 * ? a key
 * = its value                   - it is not found
 * * an entry of a walk: key, tab, value; sorted
 * </pre>
 *
 * {@code \xff} stands for a byte, {@code FILE} for the source, {@code DIR} for its directory. An
 * answer to every key belongs to every case that does not end with {@code fatal:}.
 *
 * @param title what it shows
 * @param maptype texthash, inline or static
 * @param options of postmap(1)
 * @param source a byte string
 * @param log in the order of the lines
 * @param answers the values by key, byte strings; an absent value for what is not found
 * @param walk sorted
 */
record Transcript(
    String title,
    String maptype,
    List<String> options,
    String source,
    List<String> log,
    Map<String, Answered> answers,
    List<String> walk) {
  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-f]{2})|\\\\)");

  /** A value, or that there is none. */
  record Answered(boolean found, String value) {}

  boolean isFatal() {
    return log.stream().anyMatch(line -> line.startsWith("fatal: "));
  }

  @Override
  public String toString() {
    return maptype + ": " + title;
  }

  /** All cases of a transcript that lies beside this class. */
  static List<Transcript> read(String resource) throws IOException {
    try (InputStream input = Transcript.class.getResourceAsStream(resource)) {
      if (input == null) {
        throw new IOException("no " + resource);
      }
      String text = new String(input.readAllBytes(), US_ASCII);
      return Pattern.compile("\n\n")
          .splitAsStream(text)
          .filter(part -> part.startsWith("case: "))
          .map(part -> parse(part.lines().toList()))
          .toList();
    }
  }

  private static Transcript parse(List<String> lines) {
    String title = lines.get(0).substring("case: ".length());
    List<String> open =
        Pattern.compile(" ").splitAsStream(lines.get(1).substring("open: ".length())).toList();
    StringBuilder source = new StringBuilder();
    List<String> log = new ArrayList<>();
    Map<String, Answered> answers = new LinkedHashMap<>();
    List<String> walk = new ArrayList<>();
    String key = "";
    for (String line : lines.subList(2, lines.size())) {
      String text = line.length() < 2 ? "" : unescape(line.substring(2));
      switch (line.charAt(0)) {
        case '|' -> source.append(text).append('\n');
        case '$' -> source.append(text);
        case '!' -> log.add(text);
        case '?' -> key = text;
        case '=' -> answers.put(key, new Answered(true, text));
        case '-' -> answers.put(key, new Answered(false, ""));
        case '*' -> walk.add(text);
        default -> throw new IllegalArgumentException(title + ": " + line);
      }
    }
    return new Transcript(
        title,
        open.getFirst(),
        open.subList(1, open.size()),
        source.toString(),
        log,
        answers,
        walk);
  }

  private static String unescape(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(match ->
            Matcher.quoteReplacement(
                match.group(1) == null
                    ? "\\"
                    : Character.toString(Integer.parseInt(match.group(1), 16))));
  }
}
