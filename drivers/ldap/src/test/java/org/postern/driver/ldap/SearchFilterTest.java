package org.postern.driver.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.LDAPException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What ldapsearch(1) of OpenLDAP 2.5 made of the same texts: it reads filters as Postfix's does.
 */
final class SearchFilterTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "mail=bob~(mail=bob)",
        "(mail=bob)~(mail=bob)",
        "(&(mail=bob) (cn=b))~(&(mail=bob)(cn=b))",
        "(& (mail=bob)(cn=b))~(&(mail=bob)(cn=b))",
        "( mail=bob)~(mail=bob)",
        "(|(a=b) (& (c=d)  (!(e=f)) ) )~(|(a=b)(&(c=d)(!(e=f))))",
        "(mail= two words )~(mail= two words )",
        "(cn:caseExactMatch:=B)~(cn:caseExactMatch:=B)",
        "(mail;lang-en=b)~(mail;lang-en=b)",
        "(1.2.840.113556=b)~(1.2.840.113556=b)"
      })
  void reads(String text, String filter) throws Exception {
    String read = SearchFilter.parse(SearchFilter.compact(text)).toNormalizedString();
    assertThat(read).isEqualTo(com.unboundid.ldap.sdk.Filter.create(filter).toNormalizedString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(mail = bob)",
        "(&(mail=bob)(cn=b)",
        " (mail=bob)",
        "(mail=bob) ",
        "(mail=a(b)",
        "&(mail=bob)(cn=d)",
        "!(mail=bob)",
        "(!mail=bob)",
        "(cn=a\\zzb)",
        "(mail=bob))",
        "mail",
        ""
      })
  void refuses(String text) {
    assertThatThrownBy(() -> SearchFilter.parse(SearchFilter.compact(text)))
        .isInstanceOfSatisfying(
            LDAPException.class,
            e -> assertThat(LdapError.text(e)).isEqualTo("-7: Bad search filter"));
  }
}
