package org.postern.config;

import java.net.IDN;
import java.util.Locale;
import org.postern.platform.text.ByteStrings;
import org.postern.platform.text.ByteText;

/**
 * {@code ${domain_to_ascii{text}}} and {@code ${domain_to_utf8{text}}}, which Postfix has from 3.12
 * on; the default of smtp_requiretls_policy uses them.
 *
 * <p>The JDK converts by the older IDNA2003, which has another answer for the few letters below
 * than Postfix's UTS 46: names with them are refused, rather than converted into other names.
 */
final class NamedFunction {
  /** Sharp s, final sigma, zero width joiner and non-joiner. */
  private static final String CONVERTED_OTHERWISE = "\u00df\u03c2\u200c\u200d";

  private static final String ENCODED = "xn--";

  private NamedFunction() {}

  static String call(String name, String argument) throws SyntaxException {
    try {
      return switch (name) {
        case "domain_to_ascii" -> toAscii(argument);
        case "domain_to_utf8" -> toUtf8(argument);
        default -> throw new SyntaxException("unknown function \"" + name + "\"");
      };
    } catch (IllegalArgumentException e) {
      throw new SyntaxException("bad domain argument in: '" + name + "{" + argument + "}'");
    }
  }

  private static String toAscii(String domain) {
    if (!domain.isEmpty() && ByteText.isAscii(domain)) {
      return domain;
    }
    String text = ByteStrings.decode(domain).toLowerCase(Locale.ROOT);
    if (text.isEmpty() || text.chars().anyMatch(c -> CONVERTED_OTHERWISE.indexOf(c) >= 0)) {
      throw new IllegalArgumentException(domain);
    }
    return IDN.toASCII(text);
  }

  private static String toUtf8(String domain) {
    if (!ByteText.isAscii(domain)) {
      return domain;
    }
    String text = IDN.toUnicode(domain.toLowerCase(Locale.ROOT));
    if (text.contains(ENCODED)) {
      throw new IllegalArgumentException(domain);
    }
    return ByteStrings.of(text);
  }
}
