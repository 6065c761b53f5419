package org.postern.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Requests and the replies of a real Postfix, kept as text: two lines each, {@code >} and {@code <}
 * first, {@code |} for NUL, bytes beyond ASCII as {@code \xNN}, and {@code {dir}} for the directory
 * of the tables. What is machine-dependent, the unix tables, is left out.
 */
record Transcript(List<Exchange> exchanges) {
  private static final String DIRECTORY = "{dir}";

  record Exchange(String request, String reply) {}

  /** Reads one of the test resources under {@code transcripts/}. */
  static Transcript read(String name, String directory) {
    try (InputStream stream = Transcript.class.getResourceAsStream("transcripts/" + name)) {
      List<String> lines =
          new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .map(line -> unescape(line).replace(DIRECTORY, directory))
              .toList();
      List<Exchange> exchanges = new ArrayList<>();
      for (int i = 0; i < lines.size(); i += 2) {
        exchanges.add(new Exchange(lines.get(i).substring(2), lines.get(i + 1).substring(2)));
      }
      return new Transcript(exchanges);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(Path file, String directory) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Exchange exchange : exchanges) {
      text.append("> ").append(escape(exchange.request().replace(directory, DIRECTORY)));
      text.append("\n< ").append(escape(exchange.reply().replace(directory, DIRECTORY)));
      text.append('\n');
    }
    Files.writeString(file, text, StandardCharsets.US_ASCII);
  }

  /** In printable ASCII, on one line. */
  static String escape(String message) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (c < ' ' || c > '~' || c == '\\') {
        escaped.append("\\x%02x".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String unescape(String line) {
    StringBuilder message = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      if (line.startsWith("\\x", i)) {
        message.append((char) Integer.parseInt(line, i + 2, i + 4, 16));
        i += 3;
      } else {
        message.append(line.charAt(i));
      }
    }
    return message.toString();
  }
}
