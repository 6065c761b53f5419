package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testkit.Prerequisite;

/** The headers and the body of a mail message as keys: {@code -h}, {@code -b}. */
@Timeout(300)
class MapMessageIT {
  private static final String RULES =
      """
      /^Subject: (.*)/ subject $1
      /^X-Folded:/ folded
      /^X-Long:/ long
      /^body/ body
      /^$/ nothing
      /^nowhere/ nowhere
      /./ any
      """;

  private static final String MESSAGE =
      """
      Received: from a
      \tby b
        for c
      Subject : hello
      subject: small
      X-Folded: one
       two
      X-Latin: caf\u00e9
      X-Empty:
      \s
      X-Long: %s

      body line
      Subject: in the body

       body folded?
      %s
      """
          .formatted("long\n ".repeat(30_000) + "end", "body".repeat(20_000));

  private static final List<String> MESSAGES =
      List.of(
          "",
          "\n",
          "\nbody only\n",
          "From somebody\nSubject: x\n",
          "Subject: x\nno header\nSubject: y\n",
          " begins with white space\nSubject: x\n\nbody",
          ": no name\n",
          "Subject: ends without a line feed",
          """
          MIME-Version: 1.0
          Content-Type: multipart/mixed; boundary=x

          --x
          Subject: in a part

          body of a part
          --x--
          """);

  @TempDir private Path directory;

  private BothMaps maps;

  @BeforeAll
  static void postfixIsHere() {
    Prerequisite.POSTMAP.mustBeHere();
  }

  @BeforeEach
  void writeTable() throws Exception {
    maps = new BothMaps(directory);
    maps.write("rules", RULES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-hq", "-bq", "-bhq", "-hbUq"})
  void aMessageIsAsked(String options) throws Exception {
    assertThat(maps.same(MESSAGE, options, "-", "regexp:@rules").status()).isZero();
  }

  @Test
  void peculiarMessages() throws Exception {
    for (String message : MESSAGES) {
      maps.same(message, "-bhq", "-", "regexp:@rules");
    }
  }

  @Test
  void nothingIsFound() throws Exception {
    maps.write("none", "/^nowhere/ nowhere\n");
    assertThat(maps.same("Subject: x\n\nbody\n", "-hbq", "-", "regexp:@none").status()).isOne();
  }

  @Test
  void keysAreTakenFromAMessageOnlyWhereThereIsOne() throws Exception {
    for (List<String> arguments :
        List.of(List.of("-h", "-q", "key", "regexp:@rules"), List.of("-b", "regexp:@rules"))) {
      Postfix.Outcome refused = maps.postern("", arguments);
      assertThat(refused.err()).isEqualTo("fatal: specify -b or -h only with \"-q -\"\n");
      assertThat(refused.status()).isEqualTo(maps.postmap("", arguments).status());
    }
  }
}
