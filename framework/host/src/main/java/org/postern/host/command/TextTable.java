package org.postern.host.command;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under a heading, in columns as wide as they need to be. */
final class TextTable {
  private final List<String[]> rows = new ArrayList<>();

  TextTable(String... heading) {
    rows.add(heading);
  }

  void row(String... cells) {
    rows.add(cells);
  }

  @Override
  public String toString() {
    int columns = rows.getFirst().length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row[i]).repeat(' ', widths[i] - row[i].length() + 2);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
