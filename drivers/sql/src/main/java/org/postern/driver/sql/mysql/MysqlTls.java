package org.postern.driver.sql.mysql;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.postern.platform.text.SourceFile;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.TableConfig;

/**
 * The {@code tls_*} parameters of mysql_table(5). With a CA the server's certificate is verified;
 * with {@code tls_verify_cert} its name too; without any parameter TLS is used when the server
 * offers it and Java can, and nothing is verified. {@code postern_tls = no} leaves it out.
 *
 * @param authorities what to trust, as a key store; empty: what Java trusts
 * @param identity the client's certificate and key
 * @param verifyName whether the certificate must have the server's name
 * @param required whether to fail, and not to go on without TLS, if there is none to be had
 * @param isOff whether not to try it
 */
record MysqlTls(
    Optional<KeyStoreFile> authorities,
    Optional<KeyStoreFile> identity,
    boolean verifyName,
    boolean required,
    boolean isOff) {

  static MysqlTls read(TableConfig config, OptionFile options, TableOpening opening)
      throws TableUnavailableException {
    Optional<String> caFile = file(config, "tls_CAfile", options, "ssl-ca");
    Optional<String> caPath = file(config, "tls_CApath", options, "ssl-capath");
    Optional<String> certificate = file(config, "tls_cert_file", options, "ssl-cert");
    Optional<String> key = file(config, "tls_key_file", options, "ssl-key");
    boolean ciphers = config.string("tls_ciphers").filter(text -> !text.isEmpty()).isPresent();
    boolean verifyName = config.bool("tls_verify_cert", false);
    List<Path> authorities = new ArrayList<>();
    if (caFile.isPresent()) {
      authorities.add(SourceFile.watched(caFile.get(), opening));
    } else if (caPath.isPresent()) {
      authorities.addAll(KeyStoreFile.certificates(SourceFile.watched(caPath.get(), opening)));
    }
    Optional<KeyStoreFile> identity = Optional.empty();
    if (certificate.isPresent()) {
      identity =
          Optional.of(
              KeyStoreFile.ofIdentity(
                  SourceFile.watched(certificate.get(), opening),
                  SourceFile.watched(key.orElse(certificate.get()), opening)));
    }
    boolean required = !authorities.isEmpty() || identity.isPresent() || verifyName || ciphers;
    boolean off = !config.bool("postern_tls", true);
    if (off && required) {
      throw new TableUnavailableException(
          config.name()
              + ": postern_tls = no contradicts the parameters tls_*; remove one of them");
    }
    return new MysqlTls(
        authorities.isEmpty()
            ? Optional.empty()
            : Optional.of(KeyStoreFile.ofAuthorities(authorities)),
        identity,
        verifyName,
        required,
        !required && (off || options.turnsTlsOff()));
  }

  private static Optional<String> file(
      TableConfig config, String parameter, OptionFile options, String option)
      throws TableUnavailableException {
    String own = config.string(parameter).orElse("");
    return own.isEmpty() ? options.text(option) : Optional.of(config.text(parameter, own));
  }

  /** Whether a connection is made without TLS when it cannot be made with it. */
  boolean goesOnWithout() {
    return !required && !isOff;
  }

  void addTo(Properties properties) {
    if (isOff) {
      properties.setProperty("sslMode", "DISABLED");
      return;
    }
    String mode =
        verifyName
            ? "VERIFY_IDENTITY"
            : authorities.isPresent() ? "VERIFY_CA" : required ? "REQUIRED" : "PREFERRED";
    properties.setProperty("sslMode", mode);
    properties.setProperty("fallbackToSystemKeyStore", "false");
    if (authorities.isPresent()) {
      properties.setProperty("fallbackToSystemTrustStore", "false");
      properties.setProperty("trustCertificateKeyStoreUrl", authorities.get().url());
      properties.setProperty("trustCertificateKeyStoreType", KeyStoreFile.TYPE);
      properties.setProperty(
          "trustCertificateKeyStorePassword", authorities.get().password().value());
    }
    if (identity.isPresent()) {
      properties.setProperty("clientCertificateKeyStoreUrl", identity.get().url());
      properties.setProperty("clientCertificateKeyStoreType", KeyStoreFile.TYPE);
      properties.setProperty(
          "clientCertificateKeyStorePassword", identity.get().password().value());
    }
  }
}
