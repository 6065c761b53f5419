package org.postern.host.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.platform.text.ByteStrings;

class RequestDecoderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "request|open|table|hash:x|flags|0||; OPEN OLD",
        "request|open|table|hash:x|instance_flags|540737||; OPEN NEW",
        "request|lookup|table|hash:x|flags|524353|key|K||; LOOKUP OLD",
        "request|lookup|table|hash:x|instance_flags|540737|flags|1589341|key|K||; LOOKUP NEW",
        "request|update|table|hash:x|flags|590208|key|K|value|V||; UPDATE OLD",
        "request|update|table|hash:x|instance_flags|1|flags|2|key|K|value|V||; UPDATE NEW",
        "request|delete|table|hash:x|flags|0|key|K||; DELETE OLD",
        "request|delete|table|hash:x|instance_flags|1|flags|0|key|K||; DELETE NEW",
        "request|sequence|table|hash:x|flags|0|function|0||; SEQUENCE OLD",
        "request|sequence|table|hash:x|instance_flags|1|flags|0|function|1||; SEQUENCE NEW",
        "request|lookup|table|hash:x|flags|0|key|K|more|attributes|follow|here||; LOOKUP OLD"
      })
  void tellsWhatIsAskedAndInWhichDialect(String message, String expected)
      throws RequestTooLargeException {
    Request request = Messages.decodeOne(message);
    assertThat(request).isNotInstanceOf(Request.Malformed.class);
    assertThat(request.kind() + " " + request.dialect()).isEqualTo(expected);
  }

  @Test
  void readsAllThatALookupCarries() throws RequestTooLargeException {
    assertThat(
            Messages.text(
                Messages.decodeOne(
                    "request|lookup|table|hash:x|instance_flags|540737|flags|1589341|key|K||")))
        .isEqualTo("lookup NEW hash:x 540737 1589341 K");
    assertThat(Messages.text(Messages.decodeOne("request|lookup|table|hash:x|flags|65600|key|||")))
        .as("an old client's instance flags are those that no request changes")
        .isEqualTo("lookup OLD hash:x 65600 65600 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "request|lookup||",
        "request|lookup|table|hash:x||",
        "request|lookup|table|hash:x|flags|0||",
        "request|lookup|flags|0|table|hash:x|key|k||",
        "request|lookup|table|hash:x|flags|0|kee|k||",
        "request|lookup|table|hash:x|flags|0|flags|0|key|k||",
        "request|lookup|table|hash:x|flags|0|extra|1|key|k||",
        "request|lookup|table|hash:x|flags|abc|key|k||",
        "request|lookup|table|hash:x|flags||key|k||",
        "request|lookup|table|hash:x|flags|64x|key|k||",
        "request|lookup|table|hash:x|flags|64 |key|k||",
        "request|lookup|table|hash:x|flags|0x40|key|k||",
        "request|sequence|table|hash:x|flags|0|function|2||",
        "request|sequence|table|hash:x|flags|0||",
        "request|update|table|hash:x|flags|0|key|k||",
        "request|lookup|table|hash:x|instance_flags|0|key|k||",
        "request|lookup|table|hash:x|instance_flags|x|flags|0|key|k||"
      })
  void keepsTheKindAndTheDialectOfWhatIsMalformed(String message) throws RequestTooLargeException {
    Request request = Messages.decodeOne(message);
    assertThat(request).isInstanceOf(Request.Malformed.class);
    assertThat(request.kind().requestName()).isEqualTo(message.split("\\|", -1)[1]);
    assertThat(request.dialect() == Dialect.NEW).isEqualTo(message.contains("instance_flags"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "|",
        "table|hash:x||",
        "request|||",
        "request|LOOKUP|table|hash:x|flags|0|key|k||"
      })
  void whatIsNoRequestIsOfUnknownKind(String message) throws RequestTooLargeException {
    assertThat(Messages.decodeOne(message).kind()).isEqualTo(RequestKind.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "' 64', 64",
    "'\t64', 64",
    "+64, 64",
    "064, 64",
    "4294967360, 64",
    "-1, 4294967295",
    "-64, 4294967232",
    "18446744073709551615, 4294967295",
    "18446744073709551616, 4294967295",
    "18446744073709551680, 4294967295",
    "-18446744073709551680, 4294967295",
    "4294967295, 4294967295",
    "'', -1",
    "' ', -1",
    "+, -1",
    "'64 ', -1",
    "6 4, -1"
  })
  void readsNumbersAsSscanfDoes(String text, long number) {
    byte[] bytes = ByteStrings.bytes(text);
    assertThat(WireNumber.parse(bytes, 0, bytes.length)).isEqualTo(number);
  }

  @Test
  void ofATableThatIsTooLongToBeApprovedTheBeginningIsKept() throws RequestTooLargeException {
    String longest = "hash:" + "x".repeat(Messages.LONGEST_TABLE - 5);
    String asked = "request|update|table|%s|flags|0|key|k|value|v||";
    assertThat(Messages.text(Messages.decodeOne(asked.formatted(longest))))
        .isEqualTo("update OLD " + longest + " 0 0 k=v");
    assertThat(Messages.text(Messages.decodeOne(asked.formatted("proxy:proxy:" + longest))))
        .isEqualTo("update OLD " + longest + " 0 0 k=v");
    assertThat(Messages.text(Messages.decodeOne(asked.formatted(longest + "yz"))))
        .isEqualTo("update OLD " + longest + "y 0 0 =");
    assertThat(Messages.text(Messages.decodeOne(asked.formatted("proxy:" + longest + "yz"))))
        .isEqualTo("update OLD " + longest + "y 0 0 =");
  }
}
