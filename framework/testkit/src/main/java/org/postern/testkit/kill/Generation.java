package org.postern.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.postern.spi.BulkLoad;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Bytes;

/**
 * One content of a table that is made anew again and again: every value says which. Generations
 * have different numbers of pairs, and values of other lengths.
 */
record Generation(int number) {
  /** Keys that all generations have. */
  static final int LEAST_PAIRS = 150;

  private static final int STEP = 20;
  private static final int LONG_VALUES = 60;

  private int pairs() {
    return LEAST_PAIRS + STEP * (number % 7);
  }

  static String key(int index) {
    return "key" + index;
  }

  String value(int index) {
    char filling = (char) ('a' + (number + index) % 26);
    int length = (index * 37 + number * 11) % (index % LONG_VALUES == 0 ? 9000 : 150);
    return number + " " + ("" + filling).repeat(length);
  }

  /** Makes a table anew with all the pairs. */
  void store(TableDriver driver, TableOpening opening) throws TableUnavailableException {
    try (BulkLoad load = driver.rebuild(opening)) {
      for (int index : shuffled()) {
        load.put(Bytes.bytes(key(index)), Bytes.bytes(value(index)), TableFlags.DUP_WARN);
      }
      load.commit();
    }
  }

  /** So that each generation's file is filled in another order. */
  private List<Integer> shuffled() {
    List<Integer> indices = new ArrayList<>(IntStream.range(0, pairs()).boxed().toList());
    Collections.shuffle(indices, new Random(number));
    return indices;
  }

  /** All pairs as a walk through the table shows them, in any order. */
  List<String> walk() {
    return IntStream.range(0, pairs()).mapToObj(index -> key(index) + '=' + value(index)).toList();
  }

  /** Which one a value belongs to; fails when it does not belong to the key in any. */
  static Generation ofValue(int index, String value) {
    Generation generation =
        new Generation(Integer.parseInt(value.substring(0, value.indexOf(' '))));
    assertThat(value).isEqualTo(generation.value(index));
    return generation;
  }

  /** Which one a walk has shown; fails when that is not all of one and nothing else. */
  static Generation ofWalk(List<String> walk) {
    String first =
        walk.stream().filter(entry -> entry.startsWith(key(0) + '=')).findFirst().orElseThrow();
    Generation generation = ofValue(0, first.substring(first.indexOf('=') + 1));
    assertThat(walk).containsExactlyInAnyOrderElementsOf(generation.walk());
    return generation;
  }

  int entries() {
    return pairs();
  }

  Generation next() {
    return new Generation(number + 1);
  }
}
