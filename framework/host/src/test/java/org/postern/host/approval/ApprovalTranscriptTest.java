package org.postern.host.approval;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.Configuration;

/** Whether Postern approves what the real proxymap(8) approved: {@code approvals.txt}. */
class ApprovalTranscriptTest {
  private static final String MAIN_CF = "==== main.cf";

  @TempDir Path directory;

  @Test
  void theSameTablesAreApprovedAsByPostfix() throws IOException {
    List<String> cases = new ArrayList<>(List.of(transcript().split(MAIN_CF + "\n", -1)));
    cases.removeFirst();
    assertThat(cases).hasSizeGreaterThan(40);
    for (String text : cases) {
      String[] sections = text.split("==== proxy(map|write)\n", -1);
      Files.writeString(directory.resolve("main.cf"), sections[0], ISO_8859_1);
      Configuration configuration = Configuration.read(directory, Map.of());
      check(TableApproval.of(configuration, Service.PROXYMAP), sections[0], sections[1]);
      check(TableApproval.of(configuration, Service.PROXYWRITE), sections[0], sections[2]);
    }
  }

  private static void check(TableApproval approval, String mainCf, String section) {
    assertThat(approval.tables())
        .as("%s of %s", approval.service(), mainCf)
        .extracting(Approved::typeAndName)
        .containsExactlyInAnyOrderElementsOf(tables(section));
  }

  /** What has no colon is approved by Postfix, but nobody can ask for it. */
  private static List<String> tables(String section) {
    return section.lines().filter(line -> line.contains(":")).toList();
  }

  private static String transcript() throws IOException {
    try (InputStream in = ApprovalTranscriptTest.class.getResourceAsStream("approvals.txt")) {
      return new String(requireNonNull(in).readAllBytes(), ISO_8859_1);
    }
  }
}
