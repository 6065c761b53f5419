package org.postern.host.protocol;

/** A client sends more than it may; what follows cannot be told apart any more. */
public final class RequestTooLargeException extends Exception {
  private static final long serialVersionUID = 1;

  RequestTooLargeException(String parameter, int limit) {
    super("request exceeds " + parameter + " = " + limit + " bytes", null, false, false);
  }
}
