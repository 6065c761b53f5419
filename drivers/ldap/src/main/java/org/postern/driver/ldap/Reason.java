package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.security.auth.login.LoginException;

/** Why a server could not be reached, in a few words that say what to mend. */
final class Reason {

  private Reason() {}

  static String of(LDAPException e) {
    Throwable cause = e;
    for (int depth = 0; depth < 20 && cause != null; depth++, cause = cause.getCause()) {
      switch (cause) {
        case CertificateExpiredException expired -> {
          return "the server's certificate has expired: " + expired.getMessage();
        }
        case CertificateNotYetValidException early -> {
          return "the server's certificate is not valid yet: " + early.getMessage();
        }
        case CertPathBuilderException _ -> {
          return "the server's certificate is from an authority that is not in tls_ca_cert_file"
              + " or tls_ca_cert_dir";
        }
        case CertificateException other when isAboutNames(other) -> {
          return "the server's certificate is for another name: " + other.getMessage();
        }
        case UnknownHostException _ -> {
          return "there is no host of that name";
        }
        case LoginException login -> {
          return "no Kerberos ticket: "
              + String.valueOf(login.getMessage()).strip()
              + "; kinit(1) gets one for the user that Postern runs as";
        }
        case SocketTimeoutException _ -> {
          return "no answer in time";
        }
        case ConnectException connect when !(connect.getCause() instanceof SSLException) -> {
          return String.valueOf(connect.getMessage());
        }
        default -> {}
      }
    }
    return deepest(e);
  }

  private static boolean isAboutNames(CertificateException e) {
    return e.getClass() == CertificateException.class
        && e.getCause() == null
        && String.valueOf(e.getMessage()).startsWith("No ");
  }

  /** The message as it is. */
  static String message(LDAPException e) {
    return String.valueOf(e.getMessage());
  }

  /** What the library says, without what its layers repeat. */
  private static String deepest(LDAPException e) {
    Throwable last = e;
    for (Throwable next = e; next != null; next = next.getCause()) {
      last = next;
    }
    return String.valueOf(last.getMessage());
  }
}
