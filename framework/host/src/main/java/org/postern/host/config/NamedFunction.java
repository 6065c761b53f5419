package org.postern.host.config;

import java.net.IDN;

/**
 * {@code ${domain_to_ascii{text}}} and {@code ${domain_to_utf8{text}}}, which Postfix has from 3.12
 * on; the default of smtp_requiretls_policy uses them.
 */
final class NamedFunction {

  private NamedFunction() {}

  static String call(String name, String argument) throws SyntaxException {
    boolean ascii = ByteStrings.isAscii(argument);
    try {
      return switch (name) {
        case "domain_to_ascii" ->
            ascii ? argument : IDN.toASCII(ByteStrings.decode(argument), IDN.ALLOW_UNASSIGNED);
        case "domain_to_utf8" -> ascii ? ByteStrings.of(IDN.toUnicode(argument)) : argument;
        default -> throw new SyntaxException("unknown function \"" + name + "\"");
      };
    } catch (IllegalArgumentException e) {
      throw new SyntaxException("bad domain argument in: '" + name + "{" + argument + "}'");
    }
  }
}
