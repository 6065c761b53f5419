package org.postern.driver.pattern;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.HeapLimit;
import org.postern.platform.text.ValueFiles;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * Reads the rules of cidr_table(5). A rule that is wrong is left out with a warning, in Postfix's
 * words.
 */
final class CidrParser {
  private final TableOpening opening;
  private final String name;
  private final ValueFiles valueFiles;
  private final List<CidrRule> rules = new ArrayList<>();
  private final List<Integer> openLines = new ArrayList<>();
  private CidrRule.@Nullable Block block;

  CidrParser(TableOpening opening) {
    this.opening = opening;
    this.name = RuleFile.printableName(opening);
    this.valueFiles = new ValueFiles(opening, new HeapLimit(opening, opening.name()));
  }

  /** A rule that is wrong; the message says how. */
  private static final class BadRuleException extends Exception {
    private static final long serialVersionUID = 1L;

    BadRuleException(String message) {
      super(message);
    }
  }

  List<CidrRule> parse(List<RuleFile.Line> lines) {
    for (RuleFile.Line line : lines) {
      try {
        read(new RuleText(line.text()), line.number());
      } catch (BadRuleException | Network.BadNetworkException | TableUnavailableException e) {
        warn(line.number(), e.getMessage() + ": skipping this rule");
      }
    }
    for (Integer line : openLines.reversed()) {
      warn(line, "IF has no matching ENDIF");
    }
    return rules;
  }

  private void read(RuleText text, int line)
      throws BadRuleException, Network.BadNetworkException, TableUnavailableException {
    if (text.skipKeyword("IF")) {
      boolean positive = text.skipNegations();
      if (text.isAtEnd()) {
        throw new BadRuleException("no address pattern");
      }
      CidrRule.Test test = new CidrRule.Test(Network.parse(text.rest()), positive);
      value(""); // with -F there must be a file
      block = new CidrRule.Block(test, block);
      openLines.add(line);
    } else if (text.skipKeyword("ENDIF")) {
      text.skipSpace();
      if (!text.isAtEnd()) {
        throw new BadRuleException("garbage after ENDIF");
      }
      if (block == null) {
        throw new BadRuleException("ENDIF without IF");
      }
      value("");
      block = block.outer();
      openLines.removeLast();
    } else {
      boolean positive = text.skipNegations();
      String pattern = text.word();
      text.skipSpace();
      if (pattern.isEmpty()) {
        throw new BadRuleException("no address pattern");
      }
      CidrRule.Test test = new CidrRule.Test(Network.parse(pattern), positive);
      if (text.isAtEnd()) {
        throw new BadRuleException("no lookup result");
      }
      rules.add(new CidrRule(line, test, block, value(text.rest())));
    }
  }

  private byte[] value(String text) throws TableUnavailableException {
    boolean isFile = (opening.instanceFlags() & TableFlags.SRC_RHS_IS_FILE) != 0;
    return ByteText.bytes(isFile ? valueFiles.read(text) : text);
  }

  private void warn(int line, String text) {
    opening
        .logger()
        .log(System.Logger.Level.WARNING, "cidr map %s, line %d: %s".formatted(name, line, text));
  }
}
