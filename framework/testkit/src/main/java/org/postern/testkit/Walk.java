package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.postern.spi.Entry;
import org.postern.spi.NotFound;
import org.postern.spi.Sequence;
import org.postern.spi.SequenceResult;
import org.postern.spi.Table;

/** A whole walk through a table, as text that can be compared and read. */
public final class Walk {

  private Walk() {}

  /** Every entry in the order of the walk: {@code key=value}. Fails on anything but entries. */
  public static List<String> through(Table table) {
    List<String> entries = new ArrayList<>();
    try (Sequence sequence = table.sequence(table.flags())) {
      SequenceResult step = sequence.next();
      while (step instanceof Entry entry) {
        entries.add(text(entry));
        step = sequence.next();
      }
      assertThat(step).isInstanceOf(NotFound.class);
    }
    return entries;
  }

  static String text(Entry entry) {
    return Bytes.text(entry.key()) + '=' + Bytes.text(entry.value());
  }

  static List<String> expected(List<Entry> entries) {
    return entries.stream().map(Walk::text).toList();
  }
}
