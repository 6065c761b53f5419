package org.postern.driver.pattern;

import java.util.Locale;
import java.util.Random;
import org.postern.driver.pattern.libc.Pcre2;
import org.postern.spi.TableDriver;

/** The types whose tables are rule files. */
enum RuleType {
  REGEXP,
  PCRE,
  CIDR;

  TableDriver driver() {
    return switch (this) {
      case REGEXP -> new RegexpDriver();
      case PCRE -> new PcreDriver();
      case CIDR -> new CidrDriver();
    };
  }

  String maptype() {
    return name().toLowerCase(Locale.ROOT);
  }

  PatternSyntax syntax() {
    return switch (this) {
      case REGEXP -> new RegexpDriver.Syntax();
      case PCRE -> new PcreDriver.Syntax(Pcre2.load());
      case CIDR -> throw new IllegalStateException("cidr has networks, not patterns");
    };
  }

  RandomRules random(Random random) {
    return this == CIDR ? new RandomNetworks(random) : new RandomPatterns(random, this == PCRE);
  }
}
