package org.postern.driver.pattern;

import java.lang.foreign.Arena;
import java.util.List;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/** Opens tables of either syntax. */
final class RuleTables {
  /** The flags that decide which rules a table has. */
  static final int INSTANCE_FLAGS = TableFlags.NO_REGSUB | TableFlags.SRC_RHS_IS_FILE;

  private RuleTables() {}

  @SuppressWarnings("MustBeClosedChecker") // the table owns the arena, and closes it
  static Table open(TableOpening opening, PatternSyntax syntax) throws TableUnavailableException {
    List<RuleFile.Line> lines = RuleFile.read(opening);
    String name = RuleFile.printableName(opening);
    String typeAndName = opening.maptype() + ":" + opening.name();
    Arena arena = Arena.ofShared();
    try {
      RuleSet rules =
          new RuleSet(
              new RuleParser(opening, syntax, arena).parse(lines),
              (line, reason) ->
                  opening
                      .logger()
                      .log(
                          System.Logger.Level.WARNING,
                          "%s map %s, line %d: %s"
                              .formatted(opening.maptype(), name, line, reason)));
      return new RuleTable(typeAndName, rules, arena);
    } catch (TableUnavailableException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }
}
