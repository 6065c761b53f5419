package org.postern.program.command;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Rows of text under a heading, in columns as wide as they need to be, and notes below rows. */
final class TextTable {
  private static final String INDENT = "    ";

  private final List<String[]> rows = new ArrayList<>();
  private final BitSet numbers = new BitSet();

  TextTable(String... heading) {
    rows.add(heading);
  }

  /** Has columns of numbers end where they end. */
  TextTable numbers(int first, int last) {
    numbers.set(first, last + 1);
    return this;
  }

  void row(String... cells) {
    rows.add(cells);
  }

  /** A line of its own below the last row. */
  void note(String text) {
    rows.add(new String[] {text});
  }

  @Override
  public String toString() {
    int columns = rows.getFirst().length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns && row.length == columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      if (row.length < columns) {
        text.append(INDENT).append(row[0]).append('\n');
        continue;
      }
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        int space = widths[i] - row[i].length();
        if (numbers.get(i)) {
          line.repeat(' ', space).append(row[i]).append("  ");
        } else {
          line.append(row[i]).repeat(' ', space + 2);
        }
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
