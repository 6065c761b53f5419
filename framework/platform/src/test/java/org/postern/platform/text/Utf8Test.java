package org.postern.platform.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8Test {
  @ParameterizedTest
  @CsvSource({
    "'', true",
    "61, true",
    "c3a4, true",
    "e282ac, true",
    "f09f9880, true",
    "f48fbfbf, true",
    "efbfbe, true",
    "80, false",
    "c3, false",
    "c080, false",
    "c1bf, false",
    "e08080, false",
    "e09fbf, false",
    "eda080, false",
    "ed9fbf, true",
    "f08fbfbf, false",
    "f4908080, false",
    "f5808080, false",
    "e282, false",
    "f09f98, false",
    "61ff62, false"
  })
  void knowsValidFromInvalid(String hex, boolean valid) {
    assertThat(Utf8.isValid(HexFormat.of().parseHex(hex))).isEqualTo(valid);
  }

  @Property
  void agreesWithTheJdk(@ForAll @Size(max = 6) byte[] bytes) {
    boolean valid;
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      valid = true;
    } catch (CharacterCodingException e) {
      valid = false;
    }
    assertThat(Utf8.isValid(bytes)).isEqualTo(valid);
  }
}
