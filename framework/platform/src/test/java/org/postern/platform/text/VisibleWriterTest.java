package org.postern.platform.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class VisibleWriterTest {
  private static final String GRINNING = new String(Character.toChars(0x1F600));
  private static final String TAG = new String(Character.toChars(0xE0041));

  private static String shown(String... parts) throws IOException {
    StringWriter out = new StringWriter();
    try (VisibleWriter writer = new VisibleWriter(out)) {
      for (String part : parts) {
        writer.write(part);
      }
    }
    return out.toString();
  }

  @Test
  void whatSteersATerminalOrTurnsTextRoundDoesNotPass() throws Exception {
    assertThat(shown("\u001b[2Ja\u009b31mb\rc\u0007d\u007fe")).isEqualTo("?[2Ja?31mb?c?d?e");
    assertThat(shown("a\u202eb\u2066c\u200fd\u061ce\u2028f\ufeffg")).isEqualTo("a?b?c?d?e?f?g");
    assertThat(shown("a" + TAG + "b\ue000c")).isEqualTo("a?b?c");
  }

  @Test
  void textPasses() throws Exception {
    assertThat(shown("jürgen\t日本 " + GRINNING + "\n")).isEqualTo("jürgen\t日本 " + GRINNING + "\n");
  }

  @Test
  void aCharacterInTwoPartsIsOne() throws Exception {
    assertThat(shown("a" + GRINNING.charAt(0), GRINNING.charAt(1) + "b"))
        .isEqualTo("a" + GRINNING + "b");
    assertThat(shown("a" + GRINNING.charAt(0), "b" + GRINNING.charAt(1))).isEqualTo("a?b?");
    assertThat(shown("a" + TAG.charAt(0), TAG.charAt(1) + "b")).isEqualTo("a?b");
  }
}
