package org.postern.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same configurations read by Postern and by the real postconf(1). */
class ExpansionAgainstPostconfTest {
  private static final int CONFIGURATIONS = Integer.getInteger("postern.configurations", 60);
  private static final int DAMAGED = Integer.getInteger("postern.damaged", 400);

  private static Postconf postconf;

  @TempDir Path directory;

  @BeforeAll
  static void findPostfix() {
    postconf = Postconf.installed();
  }

  @Test
  void everyFormOfReferenceMeansTheSame() throws IOException {
    RandomValues random = new RandomValues(1);
    for (int i = 0; i < CONFIGURATIONS; i++) {
      List<String> names = new ArrayList<>();
      List<String> lines = new ArrayList<>();
      define(names, lines, "leaf", 20, () -> random.literal());
      List<String> leaves = List.copyOf(names);
      define(names, lines, "middle", 40, () -> random.text(leaves, 3));
      List<String> middles = List.copyOf(names);
      define(names, lines, "top", 60, () -> random.text(middles, 2));
      lines.add("compatibility_level = " + random.oneOf(List.of("0", "1", "2", "3.6")));
      write(directory, names, lines);

      List<String> expected = postconf.values(directory, "-xh", names);

      assertThat(expected).hasSameSizeAs(names);
      Configuration configuration = Configuration.read(directory, Map.of());
      for (int j = 0; j < names.size(); j++) {
        String name = names.get(j);
        assertThat(printed(configuration, name))
            .as("configuration %s, %s = %s", i, name, configuration.raw(name))
            .isEqualTo(expected.get(j));
      }
    }
  }

  /** postconf sleeps for a second when it gives up, so many are asked at once. */
  @Test
  void whatPostfixRefusesIsRefusedAndNothingElse() throws Exception {
    RandomValues random = new RandomValues(2);
    List<Path> directories = new ArrayList<>();
    for (int i = 0; i < DAMAGED; i++) {
      List<String> names = new ArrayList<>();
      List<String> lines = new ArrayList<>();
      define(names, lines, "leaf", 5, () -> random.literal());
      List<String> leaves = List.copyOf(names);
      define(names, lines, "top", 1, () -> random.damaged(random.text(leaves, 2)));
      directories.add(Files.createDirectory(directory.resolve("" + i)));
      write(directories.getLast(), names, lines);
    }

    try (ExecutorService askers = Executors.newFixedThreadPool(32)) {
      List<Callable<List<String>>> questions = new ArrayList<>();
      for (Path asked : directories) {
        questions.add(() -> postconf.values(asked, "-xh", List.of("top0")));
      }
      List<Future<List<String>>> expected = askers.invokeAll(questions);

      int refused = 0;
      for (int i = 0; i < DAMAGED; i++) {
        Configuration configuration = Configuration.read(directories.get(i), Map.of());
        List<String> actual;
        try {
          actual = List.of(printed(configuration, "top0"));
        } catch (ConfigurationException e) {
          refused++;
          actual = List.of();
        }
        assertThat(actual)
            .as("configuration %s, top0 = %s", i, configuration.raw("top0"))
            .isEqualTo(expected.get(i).get());
      }
      assertThat(refused).isBetween(DAMAGED / 10, DAMAGED * 9 / 10);
    }
  }

  private static void write(Path directory, List<String> names, List<String> lines)
      throws IOException {
    // A name that nobody refers to is unknown to postconf; a restriction class is not.
    lines.add("smtpd_restriction_classes = " + String.join(" ", names));
    Files.write(directory.resolve("main.cf"), lines, ISO_8859_1);
  }

  private static String printed(Configuration configuration, String name) {
    return Postconf.asPrinted(configuration.get(name).orElse("(none)"));
  }

  private interface Value {
    String make();
  }

  private static void define(
      List<String> names, List<String> lines, String prefix, int count, Value value) {
    for (int i = 0; i < count; i++) {
      names.add(prefix + i);
      lines.add(prefix + i + " = " + value.make());
    }
  }
}
