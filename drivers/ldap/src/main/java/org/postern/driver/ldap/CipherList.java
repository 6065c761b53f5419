package org.postern.driver.ldap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The value of {@code tls_cipher_suite}. Postfix hands it to the TLS library of its libldap, which
 * is OpenSSL's or GnuTLS's; here names are taken that either of them, or the JDK, has for a cipher
 * suite, and the words with which such lists commonly begin.
 */
final class CipherList {
  /** What the JDK has switched on is no weaker than any of these. */
  private static final Set<String> DEFAULTS =
      Set.of("DEFAULT", "HIGH", "ALL", "NORMAL", "SECURE128", "PFS");

  private CipherList() {}

  /**
   * The suites to offer, in the JDK's order.
   *
   * @param list names with colons, commas or spaces between them; {@code !} or {@code -} before a
   *     name leaves out all suites with this word in their names; empty for the JDK's own choice
   * @param usual what the JDK has switched on
   * @param possible what it could do
   * @throws TlsFiles.UnusableFile when a name is unknown, or nothing is left
   */
  static String[] choose(String list, String[] usual, String[] possible)
      throws TlsFiles.UnusableFile {
    if (list.isBlank()) {
      return usual;
    }
    Set<String> chosen = new LinkedHashSet<>();
    List<String> excluded = new ArrayList<>();
    for (String word : list.strip().split("[:, \\t]+", -1)) {
      if (word.startsWith("!") || word.startsWith("-")) {
        excluded.add(word.substring(1).toUpperCase(Locale.ROOT));
      } else if (DEFAULTS.contains(word.toUpperCase(Locale.ROOT))) {
        chosen.addAll(Arrays.asList(usual));
      } else {
        chosen.add(suite(word, possible, list));
      }
    }
    chosen.removeIf(suite -> excluded.stream().anyMatch(word -> has(suite, word)));
    if (chosen.isEmpty()) {
      throw unusable(list, "no cipher suite is left");
    }
    return chosen.toArray(new String[0]);
  }

  private static String suite(String word, String[] possible, String list)
      throws TlsFiles.UnusableFile {
    for (String suite : possible) {
      if (suite.equalsIgnoreCase(word)
          || suite.equalsIgnoreCase("TLS_" + word)
          || openSslName(suite).equalsIgnoreCase(word)) {
        return suite;
      }
    }
    throw unusable(list, "unknown cipher suite " + word + ": use names like " + possible[0]);
  }

  private static boolean has(String suite, String word) {
    return ("-" + openSslName(suite) + "-").contains("-" + word + "-")
        || ("_" + suite + "_").contains("_" + word + "_");
  }

  /** {@code TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384}: {@code ECDHE-RSA-AES256-GCM-SHA384}. */
  private static String openSslName(String suite) {
    int with = suite.indexOf("_WITH_");
    if (with < 0) {
      return suite;
    }
    String exchange = suite.substring("TLS_".length(), with).replace('_', '-');
    String cipher =
        suite
            .substring(with + "_WITH_".length())
            .replaceAll("AES_(128|256)", "AES$1")
            .replace("_CBC", "")
            .replace("POLY1305_SHA256", "POLY1305")
            .replace('_', '-');
    return exchange.equals("RSA") ? cipher : exchange + "-" + cipher;
  }

  private static TlsFiles.UnusableFile unusable(String list, String why) {
    return new TlsFiles.UnusableFile("tls_cipher_suite", list, new IllegalArgumentException(why));
  }
}
