package org.postern.operations.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostNamesTest {

  @Test
  void aPageFromElsewhereDoesNotReachWhatOnlyThisMachineCanReach() {
    HostNames local = new HostNames("Status.example.com", true);
    assertThat(local.allow("evil.example.com:9798")).isFalse();
    assertThat(local.allow("evil.example.com")).isFalse();
    assertThat(local.allow("127.0.0.1.evil.example.com")).isFalse();
    assertThat(local.allow("")).isFalse();
  }

  @Test
  void itsOwnNamesAreAllowed() {
    HostNames local = new HostNames("Status.example.com", true);
    assertThat(local.allow("127.0.0.1:9798")).isTrue();
    assertThat(local.allow("[::1]:9798")).isTrue();
    assertThat(local.allow("localhost")).isTrue();
    assertThat(local.allow("status.EXAMPLE.com:9798")).isTrue();
    assertThat(local.allow(null)).isTrue();
  }

  @Test
  void whereOthersCanConnectAnyNameIsAllowed() {
    assertThat(new HostNames("0.0.0.0", false).allow("mail.example.com:9798")).isTrue();
  }
}
