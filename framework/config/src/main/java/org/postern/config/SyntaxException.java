package org.postern.config;

/** What is wrong with an expression, in Postfix's words; who holds it is not known yet. */
final class SyntaxException extends Exception {
  private static final long serialVersionUID = 1;

  SyntaxException(String reason) {
    super(reason);
  }

  /** Never null, unlike {@link #getMessage()}. */
  String reason() {
    return String.valueOf(getMessage());
  }

  /** As much of a text as a message shows. */
  static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
