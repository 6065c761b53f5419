package org.postern.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of main.cf, well and badly formed, read by Postern and by the real postconf(1). */
class MainCfAgainstPostconfTest {
  private static final int FILES = Integer.getInteger("postern.configurations", 200);

  /** Parameters whose default is empty. */
  private static final List<String> NAMES =
      List.of("canonical_maps", "relocated_maps", "transport_maps", "header_checks");

  private static final List<String> PIECES =
      List.of(
          " = ", "=", " ", "\t", "\r", "\u000b", "\f", "#", "\n", "\n", "\n#", "\n ", "\n\n",
          "\n \n", "\n \t# ", "a", "b c", "hash:/x", "\0", "\u00a0", "\u0085", "$$", "{ }");

  @TempDir Path directory;

  @Test
  void everyFileMeansTheSame() throws Exception {
    Postconf postconf = Postconf.installed();
    Random random = new Random(3);
    List<Path> directories = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      directories.add(Files.createDirectory(directory.resolve("" + i)));
      Files.writeString(directories.getLast().resolve("main.cf"), content(random), ISO_8859_1);
    }
    // postconf sleeps for a second when it gives up.
    try (ExecutorService askers = Executors.newFixedThreadPool(32)) {
      List<Callable<List<String>>> questions = new ArrayList<>();
      for (Path asked : directories) {
        questions.add(() -> postconf.values(asked, "-h", NAMES));
      }
      List<Future<List<String>>> expected = askers.invokeAll(questions);

      int refused = 0;
      for (int i = 0; i < FILES; i++) {
        List<String> actual = new ArrayList<>();
        try {
          Configuration configuration = Configuration.read(directories.get(i), Map.of());
          for (String name : NAMES) {
            actual.add(Postconf.asPrinted(String.valueOf(configuration.raw(name))));
          }
        } catch (ConfigurationException e) {
          refused++;
        }
        assertThat(actual)
            .as("%s", Files.readString(directories.get(i).resolve("main.cf"), ISO_8859_1))
            .isEqualTo(expected.get(i).get());
      }
      assertThat(refused).isBetween(FILES / 10, FILES * 9 / 10);
    }
  }

  private static String content(Random random) {
    StringBuilder content = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      content.append(NAMES.get(random.nextInt(NAMES.size())));
      content.append(random.nextInt(6) > 0 ? " = " : "");
      for (int j = random.nextInt(5); j > 0; j--) {
        content.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      content.append(random.nextInt(8) > 0 ? "\n" : "");
    }
    return content.toString();
  }
}
