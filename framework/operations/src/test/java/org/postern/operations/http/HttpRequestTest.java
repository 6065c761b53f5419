package org.postern.operations.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.operations.http.HttpRequest.BadRequestException;

class HttpRequestTest {
  private static @Nullable HttpRequest read(String text) throws Exception {
    return HttpRequest.read(new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
  }

  @Test
  void aRequestIsItsMethodPathAndHost() throws Exception {
    assertThat(read("GET /metrics?a=b HTTP/1.1\r\nHost: example.com:1\r\nX: y\r\n\r\nbody"))
        .isEqualTo(new HttpRequest("GET", "/metrics", "example.com:1"));
    assertThat(read("\r\nHEAD http://example.com/a%20b HTTP/1.0\n\n"))
        .isEqualTo(new HttpRequest("HEAD", "/a b", null));
    assertThat(read("GET //x/y HTTP/1.1\r\n\r\n")).isEqualTo(new HttpRequest("GET", "//x/y", null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\n",
        "GET /%zz HTTP/1.1\r\n\r\n",
        "\u0016\u0003\u0001\n\n\n\n",
        "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n"
      })
  void anythingElseIsNone(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            BadRequestException.class, e -> assertThat(e.status()).isEqualTo(400));
  }

  @Test
  void aHeadHasALimit() {
    String endless = "GET / HTTP/1.1\r\nX: " + "y".repeat(HttpRequest.LONGEST);
    assertThatThrownBy(() -> read(endless))
        .isInstanceOfSatisfying(
            BadRequestException.class, e -> assertThat(e.status()).isEqualTo(431));
  }

  @Test
  void halfARequestIsNone() throws Exception {
    assertThat(read("GET / HTTP/1.1\r\nHost")).isNull();
  }
}
