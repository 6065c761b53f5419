package org.postern.platform.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          cannot log in: user=mail password=s3cr3t host=db | cannot log in: user=mail password=*** host=db
          Password = "two words"; host = db                | Password = ***; host = db
          bind_pw='s3cr3t'                                 | bind_pw=***
          {"token": "s3cr3t", "a": 1}                      | {"token": ***, "a": 1}
          jdbc:x://db/mail?user=a&password=s3cr3t&ssl=1    | jdbc:x://db/mail?user=a&password=***&ssl=1
          cannot reach ldaps://cn:s3c:r@t@ldap.example/x   | cannot reach ldaps://cn:***@ldap.example/x
          """)
  void aSecretIsLeftOut(String text, String shown) {
    assertThat(Secrets.hidden(text)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hash:/etc/postfix/sasl_passwd: lookup error: No such file or directory",
        "list proxy:hash:/etc/postfix/x in main.cf:smtp_sasl_password_maps",
        "mysql:inet:db.example.com:3306/mail is unavailable",
        "https://db.example.com:3306/x is not a server; ask a@example.com"
      })
  void whatIsNoSecretStays(String text) {
    assertThat(Secrets.hidden(text)).isEqualTo(text);
  }

  @Test
  void anEmptyTextStays() {
    assertThat(Secrets.hidden("")).isEmpty();
  }
}
