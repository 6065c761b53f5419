package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.GSSAPIBindRequest;
import com.unboundid.ldap.sdk.GSSAPIBindRequestProperties;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SASLQualityOfProtection;
import java.net.InetAddress;
import java.util.List;

/**
 * Says by Kerberos (SASL's GSSAPI) who we are: with a ticket from the cache that KRB5CCNAME names,
 * else the user's own, or by name and password. KRB5_CONFIG is heeded as the C library does.
 */
final class KerberosBind {
  private static final String CONFIGURATION = "java.security.krb5.conf";

  static {
    String named = System.getenv("KRB5_CONFIG");
    if (named != null && !named.isEmpty() && System.getProperty(CONFIGURATION) == null) {
      // A list may be given; the JDK reads one file.
      int end = named.indexOf(':');
      System.setProperty(CONFIGURATION, end < 0 ? named : named.substring(0, end));
    }
  }

  private KerberosBind() {}

  /**
   * Binds a connection, to the server by the name that it is configured by; if Kerberos does not
   * know that one, by the name of its address, as OpenLDAP's library does.
   *
   * @throws LDAPException that of the configured name
   */
  static void bind(
      LDAPConnection connection, Bind.Sasl settings, List<SASLQualityOfProtection> protection)
      throws LDAPException {
    String configured = connection.getConnectedAddress();
    try {
      connection.bind(request(settings, protection, configured));
    } catch (LDAPException e) {
      String canonical = canonicalName(connection);
      if (!e.getResultCode().isClientSideResultCode() || canonical.equals(configured)) {
        throw e;
      }
      try {
        connection.bind(request(settings, protection, canonical));
      } catch (LDAPException other) {
        e.addSuppressed(other);
        throw e;
      }
    }
  }

  private static String canonicalName(LDAPConnection connection) {
    InetAddress address = connection.getConnectedInetAddress();
    return address == null ? "" : address.getCanonicalHostName();
  }

  private static GSSAPIBindRequest request(
      Bind.Sasl settings, List<SASLQualityOfProtection> protection, String server)
      throws LDAPException {
    GSSAPIBindRequestProperties properties =
        new GSSAPIBindRequestProperties(principal(settings), Bind.bytes(settings.password()));
    boolean ticket = settings.password().value().isEmpty();
    properties.setUseTicketCache(ticket);
    properties.setRequireCachedCredentials(ticket);
    properties.setSASLClientServerName(server);
    if (!settings.authorization().isEmpty()) {
      properties.setAuthorizationID(settings.authorization());
    }
    properties.setAllowedQoP(protection);
    return new GSSAPIBindRequest(properties);
  }

  /** With the realm in it: the library's own way to name one needs a KDC's address beside it. */
  private static String principal(Bind.Sasl settings) {
    String user = settings.user();
    return user.isEmpty() || settings.realm().isEmpty() || user.indexOf('@') >= 0
        ? user
        : user + '@' + settings.realm();
  }
}
