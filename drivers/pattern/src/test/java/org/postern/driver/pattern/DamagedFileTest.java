package org.postern.driver.pattern;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.testkit.DamagedTable;
import org.postern.testkit.DamagedText;
import org.postern.testkit.TestOpening;

/** Whatever is in a rule file: it opens, and lookups end with a result. */
@Timeout(7200)
final class DamagedFileTest {
  private static final int RULES = 12;
  private static final int KEYS = 10;
  private static final String TELLING = "/!^$.*+?()[]{}|\\,-:#0123456789azifIFend \t\n\r\0\u00e4";

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void textThatWasChangedHereAndThere(RuleType type) throws Exception {
    Random random = new Random(20261126);
    RandomRules sound = type.random(random);
    DamagedText damaged = new DamagedText(random, TELLING);
    List<String> peculiar =
        PeculiarRules.all()
            .filter(arguments -> arguments.get()[0] == type)
            .map(arguments -> (String) arguments.get()[1])
            .toList();
    for (int round = 0; round < DamagedTable.count(); round++) {
      String rules =
          Stream.generate(() ->
                  random.nextInt(4) == 0
                      ? peculiar.get(random.nextInt(peculiar.size()))
                      : sound.line())
              .limit(1 + random.nextInt(RULES))
              .collect(Collectors.joining());
      List<String> keys = Stream.generate(sound::key).limit(KEYS).toList();
      Path file = Rules.write(directory.resolve("rules"), damaged.damage(rules));
      try (TestOpening opening = TestOpening.of(type.maptype(), file)) {
        DamagedTable.use(opening, type.driver(), keys);
      }
    }
  }
}
