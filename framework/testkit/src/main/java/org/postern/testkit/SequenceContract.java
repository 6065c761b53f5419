package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Entry;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.Table;

/** A walk meets every key once, in any order; a type that has no order to walk in says so. */
public interface SequenceContract extends ContractSubject {

  /** The tests: those of a type that can, or those of one that cannot. */
  @TestFactory
  default Stream<DynamicTest> sequence(@TempDir Path directory) throws Exception {
    TestOpening sample = sample(directory);
    if (!capabilities().contains(Capability.SEQUENCE)) {
      return Stream.of(
          dynamicTest("a walk is refused with Retry, step by step", () -> refused(sample.again())));
    }
    return Stream.of(
        dynamicTest("a walk meets every entry once", () -> complete(sample.again())),
        dynamicTest("after the last entry comes NotFound for ever", () -> ends(sample.again())),
        dynamicTest("two walks don't disturb each other", () -> independent(sample.again())),
        dynamicTest("a walk can be given up in the middle", () -> givenUp(sample.again())));
  }

  private void refused(TestOpening sample) throws Exception {
    try (sample) {
      Table table = sample.open(driver());
      try (Sequence walk = table.sequence(table.flags())) {
        assertThat(walk.next()).isInstanceOf(Retry.class);
        assertThat(walk.next()).isInstanceOf(Retry.class);
      }
    }
  }

  private void complete(TestOpening sample) throws Exception {
    try (sample) {
      assertThat(Walk.through(sample.open(driver())))
          .containsExactlyInAnyOrderElementsOf(Walk.expected(entries()));
    }
  }

  private void ends(TestOpening sample) throws Exception {
    try (sample) {
      Table table = sample.open(driver());
      try (Sequence walk = table.sequence(table.flags())) {
        for (int i = 0; i < entries().size(); i++) {
          assertThat(walk.next()).isInstanceOf(Entry.class);
        }
        for (int i = 0; i < 3; i++) {
          assertThat(walk.next()).isInstanceOf(NotFound.class);
        }
      }
    }
  }

  private void independent(TestOpening sample) throws Exception {
    try (sample) {
      Table table = sample.open(driver());
      List<String> one = new ArrayList<>();
      List<String> other = new ArrayList<>();
      try (Sequence first = table.sequence(table.flags());
          Sequence second = table.sequence(table.flags())) {
        while (first.next() instanceof Entry entry) {
          one.add(Walk.text(entry));
          if (second.next() instanceof Entry theirs) {
            other.add(Walk.text(theirs));
          }
        }
      }
      assertThat(one).containsExactlyInAnyOrderElementsOf(Walk.expected(entries()));
      assertThat(other).isEqualTo(one);
    }
  }

  private void givenUp(TestOpening sample) throws Exception {
    try (sample) {
      Table table = sample.open(driver());
      try (Sequence walk = table.sequence(table.flags())) {
        walk.next();
      }
      assertThat(Walk.through(table)).containsExactlyInAnyOrderElementsOf(Walk.expected(entries()));
    }
  }
}
