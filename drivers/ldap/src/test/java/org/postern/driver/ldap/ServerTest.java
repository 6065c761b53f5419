package org.postern.driver.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerTest {

  @ParameterizedTest
  @CsvSource({
    "localhost, ldap://localhost:7",
    "h.example:1444, ldap://h.example:1444",
    "ldap://h.example, ldap://h.example:389",
    "LDAP://h.example:3/dc=ignored??sub, ldap://h.example:3",
    "ldaps://h.example, ldaps://h.example:636",
    "[2001:db8::1], ldap://[2001:db8::1]:7",
    "[2001:db8::1]:3, ldap://[2001:db8::1]:3",
    "ldap:///, ldap://localhost:389",
    "ldapi://%2Frun%2Fslapd%2Fldapi, ldapi://%2Frun%2Fslapd%2Fldapi",
    "ldapi:///, ldapi://%2Fvar%2Frun%2Fslapd%2Fldapi",
    "ldapi://%2Fa+b%25, ldapi://%2Fa+b%25"
  })
  void namesAServer(String word, String url) {
    assertThat(Server.parse(word, 7).url()).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://h", "h:", "h:0", "h:65536", "h:port", "ldap://h:x", "2001:db8::1", "://h"})
  void saysWhatIsWrong(String word) {
    assertThatThrownBy(() -> Server.parse(word, 389))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .containsAnyOf("use 1 to 65535", "use ldap, ldaps or ldapi", "needs brackets");
  }
}
