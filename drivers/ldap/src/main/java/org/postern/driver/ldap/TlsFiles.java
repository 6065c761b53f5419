package org.postern.driver.ldap;

import com.unboundid.util.ssl.PEMFileKeyManager;
import com.unboundid.util.ssl.TrustAllTrustManager;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.FileTrouble;

/**
 * Reads the files that {@link TlsSettings} names. Done for each new connection: there are few of
 * them, and so a renewed certificate is used at once.
 */
final class TlsFiles {
  /** Where a system keeps what it trusts; the JDK's own authorities where there is no such file. */
  private static final Path SYSTEM_AUTHORITIES = Path.of("/etc/ssl/certs/ca-certificates.crt");

  private TlsFiles() {}

  /**
   * What sockets are made from.
   *
   * @throws UnusableFile when a file cannot be read or is not what it should be
   */
  static SSLContext context(TlsSettings settings) throws UnusableFile, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers(settings), trustManagers(settings), null);
    return context;
  }

  private static KeyManager @Nullable [] keyManagers(TlsSettings settings) throws UnusableFile {
    if (settings.certificate().isEmpty()) {
      return null;
    }
    String key = settings.key().isEmpty() ? settings.certificate() : settings.key();
    try {
      return new KeyManager[] {
        new PEMFileKeyManager(new File(settings.certificate()), new File(key))
      };
    } catch (KeyStoreException e) {
      throw new UnusableFile("tls_cert or tls_key", settings.certificate() + ", " + key, e);
    }
  }

  private static TrustManager @Nullable [] trustManagers(TlsSettings settings)
      throws UnusableFile, GeneralSecurityException {
    if (!settings.verify()) {
      return new TrustManager[] {new TrustAllTrustManager(false)};
    }
    KeyStore authorities = KeyStore.getInstance("PKCS12");
    try {
      authorities.load(null, null);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    if (!settings.caFile().isEmpty()) {
      add("tls_ca_cert_file", Path.of(settings.caFile()), authorities);
    } else if (!settings.caDirectory().isEmpty()) {
      addAll(Path.of(settings.caDirectory()), authorities);
    } else if (Files.isReadable(SYSTEM_AUTHORITIES)) {
      add(SYSTEM_AUTHORITIES.toString(), SYSTEM_AUTHORITIES, authorities);
    } else {
      return null;
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    return factory.getTrustManagers();
  }

  /** Adds the files of a directory that c_rehash(1) has named: {@code 9d66eef0.0}. */
  private static void addAll(Path directory, KeyStore authorities) throws UnusableFile {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            directory, file -> file.getFileName().toString().matches("[0-9a-f]{8}\\.[0-9]+"))) {
      for (Path file : files) {
        add("tls_ca_cert_dir", file, authorities);
      }
    } catch (IOException e) {
      throw new UnusableFile("tls_ca_cert_dir", directory.toString(), e);
    }
  }

  private static void add(String parameter, Path file, KeyStore authorities) throws UnusableFile {
    try (InputStream pem = Files.newInputStream(file)) {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        authorities.setCertificateEntry(String.valueOf(authorities.size()), certificate);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new UnusableFile(parameter, file.toString(), e);
    }
  }

  private static String words(Exception cause) {
    return cause instanceof IOException io
        ? FileTrouble.words(io)
        : String.valueOf(cause.getMessage());
  }

  /** One of the files is not what it should be. */
  static final class UnusableFile extends Exception {
    private static final long serialVersionUID = 1;

    UnusableFile(String parameter, String file, Exception cause) {
      super("Unable to set " + parameter + " to " + file + ": " + words(cause), cause);
    }
  }
}
