package org.postern.driver.composite;

import java.util.List;
import org.postern.platform.text.Braces;
import org.postern.platform.text.ByteText;
import org.postern.spi.Access;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/** A table's name that lists what the table is made of: {@code {one, {two words} three}}. */
final class NameList {
  private final TableOpening opening;
  private final String need;

  /**
   * @param element what the list is made of, for messages: {@code type:name}
   */
  NameList(TableOpening opening, String element) {
    this.opening = opening;
    this.need = "need \"" + opening.maptype() + ":{" + element + "...}\"";
  }

  /**
   * Splits the name at commas and white space outside of inner braces.
   *
   * @return at least one byte string
   * @throws TableUnavailableException when it is no list, or the table is to be written
   */
  List<String> words() throws TableUnavailableException {
    if (opening.access() != Access.READ_ONLY) {
      throw new TableUnavailableException(table() + " map requires O_RDONLY access mode");
    }
    List<String> words = Braces.words(ByteText.of(opening.nameBytes()));
    if (words.isEmpty()) {
      throw badSyntax();
    }
    return words;
  }

  TableUnavailableException badSyntax() {
    return new TableUnavailableException("bad syntax: \"" + table() + "\"; " + need);
  }

  private String table() {
    return opening.maptype() + ":" + ByteText.printable(ByteText.of(opening.nameBytes()));
  }
}
