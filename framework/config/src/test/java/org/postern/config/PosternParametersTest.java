package org.postern.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PosternParametersTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("basedir", ".")).resolve("../../docs/parameters.md");

  private static String document() throws IOException {
    return Files.readString(DOCUMENT, UTF_8);
  }

  @Test
  void theDocumentsTableIsTheListInCode() throws IOException {
    List<String> rows = document().lines().filter(line -> line.startsWith("| `postern_")).toList();
    List<String> expected = new ArrayList<>();
    for (PosternParameter parameter : PosternParameters.all()) {
      String value = parameter.defaultValue();
      expected.add(
          "| `%s` | %s | %s | %s |"
              .formatted(
                  parameter.name(),
                  parameter.type().label(),
                  value.isEmpty() ? "(empty)" : "`" + value + "`",
                  parameter.meaning()));
    }
    assertThat(rows).isEqualTo(expected);
  }

  @Test
  void theDocumentSaysWhatToKnowAboutEachParameter() throws IOException {
    String text = document().replaceAll("\\s+", " ");
    for (PosternParameter parameter : PosternParameters.all()) {
      assertThat(text)
          .contains("`" + parameter.name() + "`: " + parameter.detail().replaceAll("\\s+", " "));
    }
  }

  @Test
  void theDocumentNamesNoOtherParameter() throws IOException {
    Set<String> named =
        Pattern.compile("postern_[a-z0-9_]+")
            .matcher(document())
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            PosternParameters.all().stream().map(PosternParameter::name).toList());
  }

  @Test
  void everyDefaultIsAValueThatIsAccepted() {
    for (PosternParameter parameter : PosternParameters.all()) {
      Configuration configuration =
          Configuration.of(Map.of(parameter.name(), parameter.defaultValue()));
      assertThat(configuration.get(parameter.name())).contains(parameter.defaultValue());
    }
  }

  @Test
  void theSampleFileSetsNothing() {
    assertThat(settingsOf(PosternParameters.sampleFile())).isEmpty();
  }

  @Test
  void theSampleFileSetsEveryDefaultOnceUncommented() {
    String uncommented = PosternParameters.sampleFile().replaceAll("(?m)^#postern_", "postern_");
    assertThat(settingsOf(uncommented))
        .extracting(setting -> setting.name() + " = " + setting.value())
        .containsExactlyElementsOf(
            PosternParameters.all().stream()
                .map(parameter -> parameter.name() + " = " + parameter.defaultValue())
                .toList());
    assertThat(uncommented.lines()).allMatch(line -> line.length() <= 78);
  }

  private static List<Setting> settingsOf(String content) {
    List<String> warnings = new ArrayList<>();
    List<Setting> settings = MainCfParser.parse(Path.of("postern.cf"), content, warnings::add);
    assertThat(warnings).isEmpty();
    return settings;
  }
}
