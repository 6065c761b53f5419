package org.postern.config;

/** A value breaks the syntax of {@code $name} and the like. */
final class ExpansionException extends Exception {
  private static final long serialVersionUID = 1;
  private final String parameter;

  /**
   * @param parameter whose value it is
   * @param reason in Postfix's words
   */
  ExpansionException(String parameter, String reason) {
    super(reason);
    this.parameter = parameter;
  }

  String parameter() {
    return parameter;
  }

  /** Never null, unlike {@link #getMessage()}. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
