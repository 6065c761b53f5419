package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code postern setup} on a Postfix that runs. */
@Timeout(120)
class SetupIT {
  @TempDir Path directory;

  private PrivatePostfix postfix;
  private Path mainCf;
  private String before;

  @BeforeEach
  void start() throws Exception {
    PrivatePostfix.mustBePossible();
    postfix = new PrivatePostfix(directory);
    Path table = directory.resolve("table");
    Files.writeString(table, "key value\n");
    assertThat(postfix.run("", "postmap", "hash:" + table).err()).isEmpty();
    postfix.set("proxy_read_maps", "proxy:hash:" + table).set("proxy_write_maps", "");
    postfix.start();
    mainCf = postfix.config().resolve("main.cf");
    before = Files.readString(mainCf);
  }

  @AfterEach
  void end() throws Exception {
    if (postfix != null) { // none is installed
      postfix.close();
    }
  }

  private Postfix.Outcome setup(String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(PosternProcess.COMMAND, "setup", "-c", postfix.config().toString()));
    command.addAll(List.of(options));
    return Postfix.run(command, "");
  }

  @Test
  void itShowsMakesAndTakesBackTheChanges() throws Exception {
    try (PosternProcess postern = PosternProcess.serve(postfix.config())) {
      Postfix.Outcome shown = setup();
      assertThat(shown.err()).isEmpty();
      assertThat(shown.out())
          .contains(
              "would: postconf -e proxymap_service_name=postern-proxymap\n",
              "would: postconf -e proxywrite_service_name=postern-proxywrite\n",
              "would: postfix reload\n");
      assertThat(mainCf).hasContent(before);

      Postfix.Outcome applied = setup("--apply");
      assertThat(applied.err()).isEmpty();
      assertThat(applied.out()).contains("answered, no such key\nPostfix asks Postern\n");
      assertThat(mainCf).content().contains("proxymap_service_name = postern-proxymap");
      assertThat(
              postfix.run("", "postmap", "-q", "key", "proxy:hash:" + directory + "/table").out())
          .isEqualTo("value\n");
      assertThat(setup().out()).isEqualTo("nothing to change\n");

      assertThat(setup("--undo").err()).isEmpty();
      assertThat(mainCf).hasContent(before);
      assertThat(setup("--undo").out()).isEqualTo("nothing to change\n");
      assertThat(postern.log()).doesNotContain("error:");
    }
  }

  /** A table that cannot be opened answers nothing: Postfix would defer mail. */
  @Test
  void whatDoesNotWorkIsTakenBack() throws Exception {
    postfix.set("proxy_read_maps", "proxy:hash:" + directory + "/missing");
    before = Files.readString(mainCf);
    try (PosternProcess _ = PosternProcess.serve(postfix.config())) {
      Postfix.Outcome applied = setup("--apply");
      assertThat(applied.status()).isEqualTo(1);
      assertThat(applied.out()).contains("taking back: postconf -X proxymap_service_name");
      assertThat(applied.err()).contains("postern setup: fatal: postmap -q ", "query error");
      assertThat(mainCf).hasContent(before);
    }
  }

  @Test
  void anotherProxyIsLeftAlone() throws Exception {
    postfix.set("proxymap_service_name", "theirs");
    try (PosternProcess _ = PosternProcess.serve(postfix.config())) {
      Postfix.Outcome applied = setup("--apply");
      assertThat(applied.status()).isEqualTo(1);
      assertThat(applied.err()).contains("proxymap_service_name is \"theirs\" already");
    }
  }

  @Test
  void withoutSystemdSomebodyElseMustHaveStartedIt() throws Exception {
    Assumptions.assumeFalse(
        Files.isDirectory(Path.of("/run/systemd/system")), "systemd would start it");
    Postfix.Outcome applied = setup("--apply");
    assertThat(applied.status()).isEqualTo(1);
    assertThat(applied.err()).contains("have \"postern serve\" running first");
    assertThat(mainCf).hasContent(before);
  }
}
