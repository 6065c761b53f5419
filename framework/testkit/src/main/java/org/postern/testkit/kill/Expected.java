package org.postern.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a table must hold after all changes that were acknowledged. */
final class Expected {
  private static final int EXCERPT = 60;

  private final Map<String, String> entries = new TreeMap<>();
  private final List<RandomWrite> inFlight = new ArrayList<>();

  /**
   * Goes through the changes of a writing process.
   *
   * @param replies what it wrote after each
   * @param writers the changes of each of its threads
   */
  void make(List<KilledWriter.Reply> replies, List<RandomWrites> writers) {
    List<RandomWrite> begun = new ArrayList<>();
    writers.forEach(writer -> begun.add(writer.next()));
    for (KilledWriter.Reply reply : replies) {
      int writer = reply.writer();
      RandomWrite write = begun.set(writer, writers.get(writer).next());
      assertThat(reply.absent())
          .as("whether there was no %s to remove", write.key())
          .isEqualTo(write.value() == null && !entries.containsKey(write.key()));
      put(write.key(), write.value());
    }
    inFlight.addAll(begun);
  }

  private void put(String key, @Nullable String value) {
    if (value == null) {
      entries.remove(key);
    } else {
      entries.put(key, value);
    }
  }

  /**
   * Fails unless the table holds what it must, each change in flight made or not made.
   *
   * @return how many of those are seen to have been made
   */
  int settle(Map<String, String> found) {
    int made = 0;
    for (RandomWrite write : inFlight) {
      @Nullable String now = found.get(write.key());
      if (!Objects.equals(now, entries.get(write.key())) && Objects.equals(now, write.value())) {
        put(write.key(), now);
        made++;
      }
    }
    inFlight.clear();
    assertThat(differences(found)).isEmpty();
    return made;
  }

  private List<String> differences(Map<String, String> found) {
    Set<String> keys = new TreeSet<>(entries.keySet());
    keys.addAll(found.keySet());
    return keys.stream()
        .filter(key -> !Objects.equals(found.get(key), entries.get(key)))
        .map(key ->
            "%s: expected %s but was %s"
                .formatted(excerpt(key), excerpt(entries.get(key)), excerpt(found.get(key))))
        .toList();
  }

  private static String excerpt(@Nullable String text) {
    return text == null || text.length() <= EXCERPT
        ? text + ""
        : text.substring(0, EXCERPT) + "... of " + text.length() + " bytes";
  }

  int size() {
    return entries.size();
  }
}
