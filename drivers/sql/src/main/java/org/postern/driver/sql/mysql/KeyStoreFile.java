package org.postern.driver.sql.mysql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.platform.libc.AnonymousFile;
import org.postern.platform.text.FileTrouble;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.Secret;

/**
 * PEM files as a key store in a file in memory, since Connector/J takes files only; in a temporary
 * one that only this user can read where there is no /proc. The same PEM content gives the same
 * file, so that tables which name the same certificates have equal parameters.
 *
 * @param content what the PEM files held, hashed
 * @param file the key store, gone when the process ends
 * @param password protects it
 */
record KeyStoreFile(String content, Path file, Secret password) {
  static final String TYPE = "PKCS12";

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN ((?:RSA )?PRIVATE KEY)-----([^-]*)-----END");

  private static final ConcurrentHashMap<String, KeyStoreFile> MADE = new ConcurrentHashMap<>();

  String url() {
    return file.toUri().toString();
  }

  @Override
  public String toString() {
    return "certificates " + content;
  }

  /** The certificates of a folder. */
  static List<Path> certificates(Path folder) throws TableUnavailableException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (Files.isRegularFile(file)) {
          found.add(file);
        }
      }
    } catch (IOException e) {
      throw new TableUnavailableException("tls_CApath " + folder + ": " + FileTrouble.words(e), e);
    }
    return found;
  }

  static KeyStoreFile ofAuthorities(List<Path> files) throws TableUnavailableException {
    return make(
        files,
        (store, pems, _) -> {
          int number = 0;
          for (byte[] pem : pems) {
            for (Certificate certificate : certificates(pem)) {
              store.setCertificateEntry("ca" + number++, certificate);
            }
          }
        });
  }

  static KeyStoreFile ofIdentity(Path certificate, Path key) throws TableUnavailableException {
    return make(
        List.of(certificate, key),
        (store, pems, password) ->
            store.setKeyEntry(
                "client",
                privateKey(new String(pems.getLast(), ISO_8859_1)),
                password,
                certificates(pems.getFirst()).toArray(Certificate[]::new)));
  }

  private static Path write(KeyStore store, char[] password)
      throws IOException, GeneralSecurityException {
    if (AnonymousFile.isPossible()) {
      return AnonymousFile.<GeneralSecurityException>of(
          "postern-certificates", output -> store.store(output, password));
    }
    Path made = Files.createTempFile("postern-", ".p12"); // 0600
    made.toFile().deleteOnExit();
    try (OutputStream output = Files.newOutputStream(made)) {
      store.store(output, password);
      return made;
    } catch (IOException | GeneralSecurityException e) {
      Files.deleteIfExists(made); // else each try leaves one
      throw e;
    }
  }

  private interface Filler {
    void fill(KeyStore store, List<byte[]> pems, char[] password)
        throws GeneralSecurityException, IOException;
  }

  private static KeyStoreFile make(List<Path> files, Filler filler)
      throws TableUnavailableException {
    Path current = files.getFirst();
    try {
      List<byte[]> pems = new ArrayList<>();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (Path file : files) {
        current = file;
        byte[] pem = Files.readAllBytes(file);
        pems.add(pem);
        all.write(pem);
      }
      String content =
          HexFormat.of()
              .formatHex(
                  java.security.MessageDigest.getInstance("SHA-256").digest(all.toByteArray()));
      KeyStoreFile known = MADE.get(content);
      if (known != null && Files.exists(known.file)) {
        return known;
      }
      byte[] random = new byte[16];
      new SecureRandom().nextBytes(random);
      Secret password = new Secret(HexFormat.of().formatHex(random));
      char[] characters = password.value().toCharArray();
      KeyStore store = KeyStore.getInstance(TYPE);
      store.load(null, characters);
      filler.fill(store, pems, characters);
      Path made = write(store, characters);
      KeyStoreFile result = new KeyStoreFile(content, made, password);
      MADE.put(content, result);
      return result;
    } catch (IOException e) {
      throw new TableUnavailableException(current + ": " + FileTrouble.words(e), e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new TableUnavailableException(
          files + ": not a PEM certificate or key: " + e.getMessage(), e);
    }
  }

  private static Collection<? extends Certificate> certificates(byte[] pem)
      throws GeneralSecurityException {
    String text = new String(pem, ISO_8859_1);
    int begin = text.indexOf("-----BEGIN CERTIFICATE-----");
    if (begin < 0) {
      throw new GeneralSecurityException("there is no certificate in it");
    }
    StringBuilder certificates = new StringBuilder();
    while (begin >= 0) {
      int end = text.indexOf("-----END CERTIFICATE-----", begin);
      if (end < 0) {
        break;
      }
      certificates.append(text, begin, end).append("-----END CERTIFICATE-----\n");
      begin = text.indexOf("-----BEGIN CERTIFICATE-----", end);
    }
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(
            new ByteArrayInputStream(certificates.toString().getBytes(ISO_8859_1)));
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    Matcher found = PRIVATE_KEY.matcher(pem);
    if (!found.find()) {
      throw new GeneralSecurityException("there is no unencrypted private key in it");
    }
    byte[] der = Base64.getMimeDecoder().decode(found.group(2));
    byte[] pkcs8 = found.group(1).startsWith("RSA") ? wrapped(der) : der;
    for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (java.security.spec.InvalidKeySpecException e) {
        // Another algorithm's, perhaps.
      }
    }
    throw new GeneralSecurityException("a private key of unknown kind");
  }

  /** PKCS #1 put into PKCS #8 (RFC 5958): a version, the algorithm rsaEncryption, the key. */
  private static byte[] wrapped(byte[] pkcs1) {
    byte[] algorithm = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");
    byte[] key = tagged((byte) 0x04, pkcs1);
    byte[] both = Arrays.copyOf(algorithm, algorithm.length + key.length);
    System.arraycopy(key, 0, both, algorithm.length, key.length);
    return tagged((byte) 0x30, both);
  }

  private static byte[] tagged(byte tag, byte[] content) {
    int length = content.length;
    byte[] head =
        length < 0x80
            ? new byte[] {tag, (byte) length}
            : length < 0x100
                ? new byte[] {tag, (byte) 0x81, (byte) length}
                : new byte[] {tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    byte[] all = Arrays.copyOf(head, head.length + length);
    System.arraycopy(content, 0, all, head.length, length);
    return all;
  }
}
