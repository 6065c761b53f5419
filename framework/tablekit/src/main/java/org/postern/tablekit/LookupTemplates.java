package org.postern.tablekit;

import org.jspecify.annotations.Nullable;
import org.postern.platform.text.ByteText;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.Template.Expansion;
import org.postern.tablekit.Template.Piece;
import org.postern.tablekit.Template.Source;

/**
 * All templates of one table, and what they need together: a key that lacks a part which any of
 * them names, the result format included, is not asked for. Filled while the table is opened, by
 * one thread; used by several afterwards.
 */
public final class LookupTemplates {
  /** What is told of a key that {@link #key} takes for one that cannot be in the table. */
  public static final String LACKING =
      "no server is asked: the key is empty, or lacks a part that the query or the result format has";

  private final TableConfig config;
  private final System.Logger logger;
  private boolean needsUser;
  private boolean needsDomain;
  private int needsLabels;
  private boolean needsValueUser;
  private boolean needsValueDomain;

  public LookupTemplates(TableConfig config, System.Logger logger) {
    this.config = config;
    this.logger = logger;
  }

  /**
   * Parses a query, filter or search base.
   *
   * @param text a byte string
   * @throws TableUnavailableException when there is a {@code %} that means nothing
   */
  public Template query(String text) throws TableUnavailableException {
    return noted(Template.parse(text, false), "query", text);
  }

  /** Parses a result format, in which lower case letters stand for the value found. */
  public Template result(String text) throws TableUnavailableException {
    return noted(Template.parse(text, true), "result", text);
  }

  private Template noted(@Nullable Template template, String kind, String text)
      throws TableUnavailableException {
    if (template == null) {
      throw new TableUnavailableException(
          "db_common_parse: %s: Invalid %s template: %s"
              .formatted(config.name(), kind, ByteText.printable(text)));
    }
    for (Piece piece : template.pieces()) {
      if (piece instanceof Expansion(Source source, Template.Part part, int label)) {
        boolean isKey = source == Source.KEY;
        switch (part) {
          case WHOLE -> {}
          case USER -> {
            needsUser |= isKey;
            needsValueUser |= !isKey;
          }
          case DOMAIN -> {
            needsDomain |= isKey;
            needsValueDomain |= !isKey;
          }
          case LABEL -> {
            needsDomain = true;
            needsLabels = Math.max(needsLabels, label);
          }
        }
      }
    }
    return template;
  }

  /**
   * Takes a key apart.
   *
   * @param key a byte string
   * @return null when the key cannot be in the table
   */
  public @Nullable LookupKey key(String key) {
    if (key.isEmpty()) {
      // Not the operator's trouble, and not to be mended by one.
      log(System.Logger.Level.INFO, "empty query string -- ignored");
      return null;
    }
    LookupKey parts = new LookupKey(key);
    boolean lacks =
        (needsDomain && parts.domain().isEmpty())
            || (needsUser && parts.hasEmptyUser())
            || (needsLabels > 0 && parts.labels().size() < needsLabels);
    return lacks ? null : parts;
  }

  /**
   * Takes a value found apart.
   *
   * @return null when it lacks what the result format names: it counts for nothing
   */
  @Nullable LookupKey value(LookupKey key, String value) {
    if (value.isEmpty()) {
      log(
          System.Logger.Level.WARNING,
          "empty lookup result for: \"" + ByteText.printable(key.whole()) + "\" -- ignored");
      return null;
    }
    LookupKey parts = new LookupKey(value);
    boolean lacks =
        (needsValueDomain && parts.domain().isEmpty()) || (needsValueUser && parts.hasEmptyUser());
    return lacks ? null : parts;
  }

  private void log(System.Logger.Level level, String text) {
    logger.log(level, "table \"" + config.table() + "\": " + text);
  }
}
