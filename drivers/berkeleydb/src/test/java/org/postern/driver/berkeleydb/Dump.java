package org.postern.driver.berkeleydb;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.postern.testkit.Bytes;

/**
 * What {@code db_dump -p} printed of a file: all pairs, in the file's order, with the NULs that
 * they end in.
 */
record Dump(List<Pair> pairs) {

  /** A key and a value as they are in the file, one character for each byte. */
  record Pair(String key, String value) {

    /** The key as Postfix shows it: up to its first NUL. */
    String shownKey() {
      return untilNul(key);
    }

    String shownValue() {
      return untilNul(value);
    }

    boolean keyEndsInNul() {
      return key.endsWith("\0");
    }

    private static String untilNul(String text) {
      int nul = text.indexOf('\0');
      return nul < 0 ? text : text.substring(0, nul);
    }
  }

  static Dump parse(String text) {
    List<String> items =
        text.lines().filter(line -> line.startsWith(" ")).map(Dump::unescape).toList();
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i + 1 < items.size(); i += 2) {
      pairs.add(new Pair(items.get(i), items.get(i + 1)));
    }
    return new Dump(pairs);
  }

  /** The entries that a walk must give, as {@link org.postern.testkit.Walk} writes them. */
  List<String> walk() {
    return pairs.stream().map(pair -> pair.shownKey() + '=' + pair.shownValue()).toList();
  }

  /** Undoes the form of a line: a space first, then {@code \\} or {@code \xx} for some bytes. */
  private static String unescape(String line) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 1; i < line.length(); i++) {
      if (line.charAt(i) != '\\') {
        bytes.write(line.charAt(i));
      } else if (line.charAt(i + 1) == '\\') {
        bytes.write('\\');
        i++;
      } else {
        bytes.write(Integer.parseInt(line, i + 1, i + 3, 16));
        i += 2;
      }
    }
    return Bytes.text(bytes.toByteArray());
  }
}
