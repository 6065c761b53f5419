package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.Locale;

/**
 * What a failed operation means, and the number and words that Postfix's warnings have for it:
 * those of libldap's, where results that no server gave have numbers below zero.
 */
final class LdapError {

  private LdapError() {}

  /** The number and the words: {@code 4: Size limit exceeded}. */
  static String text(LDAPException e) {
    return number(e.getResultCode()) + ": " + words(e.getResultCode());
  }

  /** Likewise as in Postfix's warnings about binding: {@code 49 (Invalid credentials)}. */
  static String parenthesized(LDAPException e) {
    return number(e.getResultCode()) + " (" + words(e.getResultCode()) + ')';
  }

  /**
   * Whether the connection is of no more use, so that another one may have the answer. Not so when
   * a server was silent for too long: there is no time to ask again.
   */
  static boolean connectionLost(ResultCode code) {
    return code.equals(ResultCode.SERVER_DOWN)
        || code.equals(ResultCode.CONNECT_ERROR)
        || code.equals(ResultCode.DECODING_ERROR)
        || code.equals(ResultCode.ENCODING_ERROR)
        || code.equals(ResultCode.LOCAL_ERROR)
        || code.equals(ResultCode.UNAVAILABLE);
  }

  /**
   * Whether a connection may have been refused because there are too many: the server says that it
   * is busy, or closes it before it has answered anything. Where nobody listens, it is not so.
   */
  static boolean mayBeOneTooMany(LDAPException e) {
    return switch (e.getResultCode().intValue()) {
      case ResultCode.BUSY_INT_VALUE,
          ResultCode.UNAVAILABLE_INT_VALUE,
          ResultCode.ADMIN_LIMIT_EXCEEDED_INT_VALUE,
          ResultCode.SERVER_DOWN_INT_VALUE ->
          true;
      case ResultCode.CONNECT_ERROR_INT_VALUE -> wasClosed(e);
      default -> false;
    };
  }

  /** Whether the server has closed the connection, in the middle of TLS for example. */
  private static boolean wasClosed(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException
          || (cause instanceof SocketException && !(cause instanceof ConnectException))) {
        return true;
      }
    }
    return false;
  }

  private static int number(ResultCode code) {
    return switch (code.intValue()) {
      case ResultCode.SERVER_DOWN_INT_VALUE, ResultCode.CONNECT_ERROR_INT_VALUE -> -1;
      case ResultCode.LOCAL_ERROR_INT_VALUE -> -2;
      case ResultCode.ENCODING_ERROR_INT_VALUE -> -3;
      case ResultCode.DECODING_ERROR_INT_VALUE -> -4;
      case ResultCode.TIMEOUT_INT_VALUE -> -5;
      case ResultCode.AUTH_UNKNOWN_INT_VALUE -> -6;
      case ResultCode.FILTER_ERROR_INT_VALUE -> -7;
      case ResultCode.PARAM_ERROR_INT_VALUE -> -9;
      default -> code.intValue();
    };
  }

  private static String words(ResultCode code) {
    return switch (code.intValue()) {
      case ResultCode.SERVER_DOWN_INT_VALUE, ResultCode.CONNECT_ERROR_INT_VALUE ->
          "Can't contact LDAP server";
      case ResultCode.TIMEOUT_INT_VALUE -> "Timed out";
      case ResultCode.AUTH_UNKNOWN_INT_VALUE -> "Unknown authentication method";
      case ResultCode.FILTER_ERROR_INT_VALUE -> "Bad search filter";
      case ResultCode.PARAM_ERROR_INT_VALUE -> "Bad parameter to an ldap routine";
      case ResultCode.INSUFFICIENT_ACCESS_RIGHTS_INT_VALUE -> "Insufficient access";
      case ResultCode.BUSY_INT_VALUE -> "Server is busy";
      case ResultCode.UNAVAILABLE_INT_VALUE -> "Server is unavailable";
      case ResultCode.UNWILLING_TO_PERFORM_INT_VALUE -> "Server is unwilling to perform";
      case ResultCode.ADMIN_LIMIT_EXCEEDED_INT_VALUE -> "Administrative limit exceeded";
      default ->
          code.getName().substring(0, 1).toUpperCase(Locale.ROOT) + code.getName().substring(1);
    };
  }
}
