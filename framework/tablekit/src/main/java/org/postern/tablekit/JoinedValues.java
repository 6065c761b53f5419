package org.postern.tablekit;

import org.jspecify.annotations.Nullable;
import org.postern.platform.text.ByteText;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.tablekit.Template.Expansion;
import org.postern.tablekit.Template.Literal;
import org.postern.tablekit.Template.Piece;
import org.postern.tablekit.Template.Source;

/** The values that one lookup has found, each in the result format, with commas between them. */
public final class JoinedValues {
  private final LookupTemplates templates;
  private final Template format;
  private final int limit;
  private final LookupKey key;
  private final StringBuilder joined = new StringBuilder();
  private int count;

  /**
   * @param limit {@code expansion_limit}: how many values there may be; 0 or less: any number
   */
  public JoinedValues(LookupTemplates templates, Template format, int limit, LookupKey key) {
    this.templates = templates;
    this.format = format;
    this.limit = limit;
    this.key = key;
  }

  /**
   * Adds a value, a byte string. One that is null or empty, or that lacks what the format names, is
   * passed over.
   *
   * @return false when there are more than the limit allows: no more need be added
   */
  public boolean add(@Nullable String value) {
    if (value == null) {
      return true;
    }
    LookupKey parts = templates.value(key, ByteText.untilNul(value));
    if (parts == null) {
      return true;
    }
    if (!joined.isEmpty()) {
      joined.append(',');
    }
    for (Piece piece : format.pieces()) {
      if (piece instanceof Expansion expansion) {
        joined.append((expansion.source() == Source.KEY ? key : parts).part(expansion));
      } else {
        joined.append(((Literal) piece).text());
      }
    }
    count++;
    return !isOverLimit();
  }

  private boolean isOverLimit() {
    return limit > 0 && count > limit;
  }

  /** The answer to the lookup. */
  public LookupResult result() {
    if (isOverLimit()) {
      return new Retry(
          "Expansion limit exceeded for key: '" + ByteText.printable(key.whole()) + "'");
    }
    return joined.isEmpty() ? NotFound.NOT_FOUND : new Found(ByteText.bytes(joined.toString()));
  }
}
