package org.postern.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Certificates for tests of TLS, as PEM files and key stores in a directory of the test. The JDK's
 * keytool makes them once for a few days, since that takes some seconds: they are kept in the
 * user's cache directory.
 */
public final class TestCertificates {
  /** That of every key store here. */
  public static final String PASSWORD = "testing";

  private static final String GOOD_NAMES = "san=dns:localhost,ip:127.0.0.1";
  private static final long DEADLINE_SECONDS = 60;
  private static final int VALID_DAYS = 10;
  private static final Duration KEPT = Duration.ofDays(VALID_DAYS / 2);

  /** Who has a certificate here. */
  public enum Holder {
    /** The authority that has signed the others. */
    AUTHORITY,
    /** An authority that has signed none of them. */
    STRANGER,
    /** localhost and 127.0.0.1. */
    SERVER,
    /** The same, but the certificate is no longer valid. */
    EXPIRED,
    /** other.example. */
    OTHER_NAME,
    /** Somebody who asks a server. */
    CLIENT;

    private String alias() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Path directory;
  private final KeyStore store;

  private TestCertificates(Path directory, KeyStore store) {
    this.directory = directory;
    this.store = store;
  }

  /**
   * Writes them.
   *
   * @param directory for the files
   */
  public static TestCertificates make(Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path file = kept();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream input = Files.newInputStream(file)) {
      store.load(input, PASSWORD.toCharArray());
    }
    return new TestCertificates(directory, store);
  }

  /** The key store with all of them. */
  private static Path kept() throws IOException, InterruptedException {
    String cache = Objects.requireNonNullElse(System.getenv("XDG_CACHE_HOME"), "");
    Path base =
        cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    Path directory = Files.createDirectories(base.resolve("postern-test-certificates"));
    Path kept = directory.resolve("all.p12");
    if (!isFresh(kept)) {
      Path own = Files.createTempDirectory(directory, "new");
      Path made = own.resolve("all.p12");
      generateAll(made);
      // Other processes may be making theirs.
      Files.move(made, kept, StandardCopyOption.ATOMIC_MOVE);
      deleteAll(own);
    }
    return kept;
  }

  private static boolean isFresh(Path kept) throws IOException {
    return Files.exists(kept)
        && Files.getLastModifiedTime(kept).toInstant().plus(KEPT).isAfter(Instant.now());
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private static void generateAll(Path file) throws IOException, InterruptedException {
    String days = Integer.toString(VALID_DAYS);
    List<String> authority = List.of("-ext", "bc:critical", "-validity", days);
    generate(file, Holder.AUTHORITY, authority);
    generate(file, Holder.STRANGER, authority);
    signed(file, Holder.SERVER, "-ext", GOOD_NAMES, "-validity", days);
    signed(file, Holder.EXPIRED, "-ext", GOOD_NAMES, "-startdate", "-20d", "-validity", days);
    signed(file, Holder.OTHER_NAME, "-ext", "san=dns:other.example", "-validity", days);
    signed(file, Holder.CLIENT, "-validity", days);
  }

  private static void signed(Path file, Holder holder, String... more)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("-signer", Holder.AUTHORITY.alias()));
    arguments.addAll(List.of(more));
    generate(file, holder, arguments);
  }

  private static void generate(Path file, Holder holder, List<String> more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", holder.alias(), "-dname", "cn=" + holder));
    // GnuTLS, which is in Debian's slapd, does not read the JDK's keys on curves.
    command.addAll(List.of("-keyalg", "RSA", "-keysize", "2048"));
    command.addAll(List.of("-keystore", file.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD));
    command.addAll(more);
    Path output = Files.createTempFile(file.getParent(), "keytool", ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(command + ": " + Files.readString(output));
    }
  }

  /** A file with the holder's certificate alone. */
  public Path certificate(Holder holder) throws IOException, GeneralSecurityException {
    Certificate certificate = Objects.requireNonNull(store.getCertificate(holder.alias()));
    return pem(holder.alias() + ".crt", "CERTIFICATE", certificate.getEncoded());
  }

  /** A file with the holder's private key in PKCS #8, not encrypted. */
  public Path key(Holder holder) throws IOException, GeneralSecurityException {
    Key key = Objects.requireNonNull(store.getKey(holder.alias(), PASSWORD.toCharArray()));
    return pem(holder.alias() + ".key", "PRIVATE KEY", key.getEncoded());
  }

  private Path pem(String name, String what, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        directory.resolve(name),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what),
        StandardCharsets.US_ASCII);
  }

  /** A key store with the holder's key alone, as a server in Java needs it. */
  public KeyStore keyStore(Holder holder) throws IOException, GeneralSecurityException {
    KeyStore alone = KeyStore.getInstance("PKCS12");
    alone.load(null, null);
    char[] password = PASSWORD.toCharArray();
    alone.setKeyEntry(
        holder.alias(),
        Objects.requireNonNull(store.getKey(holder.alias(), password)),
        password,
        store.getCertificateChain(holder.alias()));
    return alone;
  }
}
