package org.postern.platform.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CaseFoldTest {
  /** Upper case letters that Unicode 15.1 and 16 added, which ICU 72 does not know. */
  private static boolean newerThanUnicode15(int letter) {
    return letter == 0x1C89
        || letter == 0xA7CB
        || letter == 0xA7CC
        || letter == 0xA7DA
        || letter == 0xA7DC
        || (letter >= 0x10D50 && letter <= 0x10D65);
  }

  @Test
  void foldsEveryCodePointAsIcuDoes() throws IOException {
    Map<Integer, String> icu = icuFolding();
    assertThat(icu).hasSize(1530);
    List<String> different = new ArrayList<>();
    for (int letter = 0; letter <= Character.MAX_CODE_POINT; letter++) {
      if ((letter >= Character.MIN_SURROGATE && letter <= Character.MAX_SURROGATE)
          || newerThanUnicode15(letter)) {
        continue;
      }
      String text = Character.toString(letter);
      String folded = new String(CaseFold.utf8(text.getBytes(UTF_8)), UTF_8);
      if (!folded.equals(icu.getOrDefault(letter, text))) {
        different.add("U+%04X: %s".formatted(letter, folded));
      }
    }
    assertThat(different).isEmpty();
  }

  @Test
  void foldsLettersOneByOneWhateverIsAroundThem() {
    assertThat(utf8("ΑΣ")).isEqualTo("ας".replace('ς', 'σ'));
    assertThat(utf8("Straße@EXAMPLE.com")).isEqualTo("strasse@example.com");
    assertThat(utf8("İI")).isEqualTo("i̇i");
  }

  @Test
  void givesTheSameArrayBackWhenNothingFolds() {
    byte[] key = "user17@example.com".getBytes(UTF_8);
    assertThat(CaseFold.utf8(key)).isSameAs(key);
    assertThat(CaseFold.ascii(key)).isSameAs(key);
  }

  @Test
  void asciiFoldingLeavesOtherBytesAlone() {
    byte[] key = {'A', 'z', (byte) 0xC4, '@', '[', 'Z'};
    assertThat(CaseFold.ascii(key)).containsExactly('a', 'z', 0xC4, '@', '[', 'z');
    assertThat(key).startsWith('A');
  }

  private static String utf8(String text) {
    return new String(CaseFold.utf8(text.getBytes(UTF_8)), UTF_8);
  }

  private static Map<Integer, String> icuFolding() throws IOException {
    Map<Integer, String> folding = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    CaseFoldTest.class.getResourceAsStream("icu-72-case-folding.txt")),
                UTF_8))) {
      lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> {
            int[] letters =
                Arrays.stream(line.split(" ")).mapToInt(hex -> Integer.parseInt(hex, 16)).toArray();
            folding.put(letters[0], new String(letters, 1, letters.length - 1));
          });
    }
    return folding;
  }
}
