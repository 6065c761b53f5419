package org.postern.driver.sql;

/** A part of a key cannot be put where the query has it without becoming SQL. */
public final class UnquotableException extends Exception {
  private static final long serialVersionUID = 1;

  UnquotableException(String text) {
    super(text);
  }
}
