package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.CRAMMD5BindRequest;
import com.unboundid.ldap.sdk.DIGESTMD5BindRequest;
import com.unboundid.ldap.sdk.DIGESTMD5BindRequestProperties;
import com.unboundid.ldap.sdk.EXTERNALBindRequest;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.PLAINBindRequest;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.RootDSE;
import com.unboundid.ldap.sdk.SASLQualityOfProtection;
import com.unboundid.ldap.sdk.SCRAMSHA1BindRequest;
import com.unboundid.ldap.sdk.SCRAMSHA256BindRequest;
import com.unboundid.ldap.sdk.SCRAMSHA512BindRequest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Chooses a SASL mechanism, and makes the request for it. */
final class SaslBinds {
  /** What this can do, the best first. */
  private static final List<String> KNOWN =
      List.of(
          "EXTERNAL",
          "GSSAPI",
          "SCRAM-SHA-512",
          "SCRAM-SHA-256",
          "SCRAM-SHA-1",
          "DIGEST-MD5",
          "CRAM-MD5",
          "PLAIN");

  private final Bind.Sasl settings;

  /** Whether the connection is protected already, so that the mechanism need not do it. */
  private final boolean connectionProtected;

  SaslBinds(Bind.Sasl settings, boolean connectionProtected) {
    this.settings = settings;
    this.connectionProtected = connectionProtected;
  }

  /**
   * Binds a connection. Asks the server what it can do unless there is no choice.
   *
   * @throws LDAPException when no mechanism of those that are wanted is there, or the server
   *     refuses
   */
  void bind(LDAPConnection connection) throws LDAPException {
    String mechanism = choose(connection);
    if (mechanism.equals("GSSAPI")) {
      KerberosBind.bind(connection, settings, protection());
    } else {
      connection.bind(request(mechanism));
    }
  }

  private String choose(LDAPConnection connection) throws LDAPException {
    List<String> wanted = settings.mechanisms();
    List<String> usable =
        KNOWN.stream()
            .filter(mechanism -> wanted.isEmpty() || wanted.contains(mechanism))
            .filter(this::fits)
            .toList();
    if (usable.size() != 1) {
      List<String> offered = offered(connection);
      usable = usable.stream().filter(offered::contains).toList();
    }
    if (usable.isEmpty()) {
      throw new LDAPException(
          ResultCode.AUTH_UNKNOWN,
          "no SASL mechanism that sasl_mechs, sasl_minssf and the server allow; known here: "
              + String.join(" ", KNOWN));
    }
    return usable.getFirst();
  }

  private static List<String> offered(LDAPConnection connection) throws LDAPException {
    RootDSE root = connection.getRootDSE();
    String @Nullable [] names = root == null ? null : root.getSupportedSASLMechanismNames();
    return names == null
        ? List.of()
        : Stream.of(names).map(name -> name.toUpperCase(Locale.ROOT)).toList();
  }

  private boolean fits(String mechanism) {
    boolean named = !settings.mechanisms().isEmpty();
    boolean hasPassword = !settings.password().value().isEmpty();
    boolean protecting = connectionProtected || settings.strength() <= 0;
    return switch (mechanism) {
      case "EXTERNAL" -> protecting && (named || !hasPassword);
      case "GSSAPI" -> named || !hasPassword;
      case "DIGEST-MD5" -> hasPassword;
      // Who only listens is not told the password, whoever asks for it: as with Postfix.
      case "PLAIN" -> connectionProtected && hasPassword;
      default -> protecting && hasPassword;
    };
  }

  private BindRequest request(String mechanism) throws LDAPException {
    String user = settings.user();
    byte[] password = Bind.bytes(settings.password());
    return switch (mechanism) {
      // An empty name is sent too: without any, a server asks for one first.
      case "EXTERNAL" -> new EXTERNALBindRequest(settings.authorization());
      case "SCRAM-SHA-512" -> new SCRAMSHA512BindRequest(user, password);
      case "SCRAM-SHA-256" -> new SCRAMSHA256BindRequest(user, password);
      case "SCRAM-SHA-1" -> new SCRAMSHA1BindRequest(user, password);
      case "DIGEST-MD5" -> digestMd5();
      case "CRAM-MD5" -> new CRAMMD5BindRequest(user, password);
      default -> new PLAINBindRequest(user, authorization(), password);
    };
  }

  private @Nullable String authorization() {
    return settings.authorization().isEmpty() ? null : settings.authorization();
  }

  private @Nullable String realm() {
    return settings.realm().isEmpty() ? null : settings.realm();
  }

  private DIGESTMD5BindRequest digestMd5() {
    DIGESTMD5BindRequestProperties properties =
        new DIGESTMD5BindRequestProperties(settings.user(), Bind.bytes(settings.password()));
    properties.setAuthorizationID(authorization());
    properties.setRealm(realm());
    properties.setAllowedQoP(protection());
    return new DIGESTMD5BindRequest(properties);
  }

  private List<SASLQualityOfProtection> protection() {
    if (connectionProtected || settings.strength() <= 0) {
      return List.of(SASLQualityOfProtection.AUTH);
    }
    return settings.strength() == 1
        ? List.of(SASLQualityOfProtection.AUTH_CONF, SASLQualityOfProtection.AUTH_INT)
        : List.of(SASLQualityOfProtection.AUTH_CONF);
  }
}
