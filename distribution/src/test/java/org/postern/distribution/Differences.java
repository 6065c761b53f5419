package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Where what Postern replied to a request differs from what Postfix did. */
final class Differences {
  private static final int SHOWN = 300;

  private final List<String> found = new ArrayList<>();
  private int compared;

  /**
   * Compares the replies to one request.
   *
   * @param expected Postfix's
   * @param actual Postern's
   */
  void compare(String request, String expected, String actual) {
    compared++;
    if (!actual.equals(expected)) {
      found.add(
          "request  %s\n expected %s\n but was  %s"
              .formatted(shown(request), shown(expected), shown(actual)));
    }
  }

  private static String shown(String message) {
    String printable = Transcript.escape(message);
    return printable.length() > SHOWN ? printable.substring(0, SHOWN) + "..." : printable;
  }

  /**
   * Ends a test.
   *
   * @param atLeast so many replies must have been compared
   */
  void assertNone(int atLeast) {
    assertThat(found).as(() -> found.size() + " of " + compared + " replies differ").isEmpty();
    assertThat(compared).isGreaterThanOrEqualTo(atLeast);
  }
}
