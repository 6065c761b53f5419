package org.postern.driver.pattern;

import java.util.List;
import org.postern.spi.Entry;
import org.postern.testkit.Bytes;

/** The contract, for rules that are regular expressions, in whichever syntax. */
interface ExpressionsContract extends RulesContract {

  @Override
  default String rules() {
    return "/^alpha$/i one\n/^beta$/i two words\n/^\"q q\"$/i 3\n";
  }

  @Override
  default List<Entry> entries() {
    return List.of(
        Bytes.entry("alpha", "one"), Bytes.entry("beta", "two words"), Bytes.entry("\"q q\"", "3"));
  }
}
