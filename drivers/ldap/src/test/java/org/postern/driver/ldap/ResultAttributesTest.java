package org.postern.driver.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.driver.ldap.ResultAttributes.Kind;

final class ResultAttributesTest {
  private final ResultAttributes attributes =
      new ResultAttributes(
          List.of("mailhost"),
          List.of("mail", "maildrop;lang-en"),
          List.of("maildrop", "mail"),
          List.of("memberdn"));

  @Test
  void theFirstListThatHoldsAnAttributeSaysWhatItIs() {
    assertThat(attributes.kind("MAILHOST")).isEqualTo(Kind.TERMINAL);
    assertThat(attributes.kind("mail")).isEqualTo(Kind.LEAF);
    assertThat(attributes.kind("maildrop")).isEqualTo(Kind.ORDINARY);
    assertThat(attributes.kind("memberDN")).isEqualTo(Kind.SPECIAL);
    assertThat(attributes.kind("cn")).isNull();
  }

  @Test
  void optionsNarrowAnAttribute() {
    assertThat(attributes.kind("maildrop;lang-en")).isEqualTo(Kind.LEAF);
    assertThat(attributes.kind("maildrop;lang-en;x-a")).isEqualTo(Kind.LEAF);
    assertThat(attributes.kind("maildrop;lang-de")).isEqualTo(Kind.ORDINARY);
    assertThat(attributes.kind("maildropx")).isNull();
  }

  @Test
  void aUrlIsAskedForWhatBothName() {
    assertThat(attributes.requested(List.of("cn", "MEMBERDN", "mail;lang-en")))
        .containsExactly("MEMBERDN", "mail;lang-en");
    assertThat(attributes.requested(List.of("maildrop;lang-de")))
        .containsExactly("maildrop;lang-de");
    assertThat(
            new ResultAttributes(List.of(), List.of(), List.of("mail;lang-en"), List.of())
                .requested(List.of("mail", "mail;lang-de")))
        .containsExactly("mail;lang-en");
    assertThat(attributes.requested(List.of("*", "cn"))).isEmpty();
  }

  @Test
  void noAttributesAreAskedForAsNone() {
    assertThat(new ResultAttributes(List.of(), List.of(), List.of(), List.of()).requested())
        .containsExactly("1.1");
  }
}
