package org.postern.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds {@code postern_} parameters that nobody reads: misspelled, or of another release. */
final class UnknownParameters {
  private static final String PREFIX = "postern_";

  private UnknownParameters() {}

  static List<String> warnings(Collection<Setting> settings) {
    List<String> warnings = new ArrayList<>();
    for (Setting setting : settings) {
      String name = setting.name();
      if (name.startsWith(PREFIX)
          && PosternParameters.named(name).isEmpty()
          && settings.stream().noneMatch(other -> other.value().contains(name))) {
        warnings.add(
            setting.origin()
                + ": unknown parameter: "
                + name
                + "; did you mean "
                + nearest(name)
                + "?");
      }
    }
    return warnings;
  }

  private static String nearest(String name) {
    return PosternParameters.all().stream()
        .map(PosternParameter::name)
        .min(Comparator.comparingInt(known -> distance(name, known)))
        .orElseThrow();
  }

  /** How many characters to insert, delete or replace (Levenshtein's distance). */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
