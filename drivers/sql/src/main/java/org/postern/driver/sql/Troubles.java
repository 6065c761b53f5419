package org.postern.driver.sql;

import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What exceptions have to say, in one line. */
public final class Troubles {
  private static final int DEEPEST = 20;

  /** MySQL's too many connections, too many of this user, and too many of it by its account. */
  private static final Set<Integer> TOO_MANY = Set.of(1040, 1203, 1226);

  private Troubles() {}

  /**
   * Why a connection failed: what lies at the bottom of it, like {@code Connection refused}, or
   * what is wrong with TLS.
   *
   * @param host the name that the server's certificate should have
   */
  public static String ofConnecting(SQLException e, String host) {
    Throwable root = e;
    for (int depth = 0; depth < DEEPEST; depth++) {
      String tls = ofTls(root, host);
      if (tls != null) {
        return "TLS: " + oneLine(tls);
      }
      if (root.getCause() == null) {
        break;
      }
      root = root.getCause();
    }
    String message = root.getMessage() == null ? root.toString() : root.getMessage();
    return oneLine(root instanceof UnknownHostException ? "unknown host " + message : message);
  }

  /** What an exception in the chain says of TLS in words that help, if it does. */
  private static @Nullable String ofTls(Throwable e, String host) {
    String message = String.valueOf(e.getMessage());
    if (isOrHas(e, CertificateExpiredException.class)) {
      return "the server's certificate is no longer valid: " + last(e).getMessage();
    }
    if (isOrHas(e, CertificateNotYetValidException.class)) {
      return "the server's certificate is not valid yet: " + last(e).getMessage();
    }
    if (message.contains("identity verification failed") || message.contains("hostnameverifier")) {
      return "the server's certificate is for another name than " + host;
    }
    if (e instanceof CertPathValidatorException
        || e instanceof CertPathBuilderException
        || message.contains("PKIX path")) {
      return "the server's certificate is signed by none of the authorities that are trusted: "
          + last(e).getMessage();
    }
    if (message.contains("SSL Connection required, but not")
        || message.contains("server does not support SSL")) {
      return "the server has none, and the table wants it";
    }
    return null;
  }

  private static boolean isOrHas(Throwable e, Class<? extends Throwable> type) {
    return type.isInstance(last(e));
  }

  private static Throwable last(Throwable e) {
    Throwable last = e;
    for (int depth = 0; depth < DEEPEST && last.getCause() != null; depth++) {
      last = last.getCause();
    }
    return last;
  }

  /**
   * Whether a connection was refused only because there are too many: by a limit of the user, the
   * database or the server, or of a pooler before it.
   */
  static boolean isTooManyConnections(SQLException e) {
    @Nullable Throwable cause = e;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof SQLException sql
          && ("53300".equals(sql.getSQLState())
              || TOO_MANY.contains(sql.getErrorCode())
              || String.valueOf(sql.getMessage()).contains("no more connections allowed"))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** The message of an exception, without line breaks. */
  public static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
