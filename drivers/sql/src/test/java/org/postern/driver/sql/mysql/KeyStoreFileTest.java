package org.postern.driver.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.TestCertificates;
import org.postern.testkit.TestCertificates.Holder;

class KeyStoreFileTest {
  @TempDir Path directory;

  @Test
  void itIsInNoDirectoryAndCanBeReadForEachConnection() throws Exception {
    TestCertificates certificates = TestCertificates.make(directory);
    KeyStoreFile file =
        KeyStoreFile.ofIdentity(
            certificates.certificate(Holder.AUTHORITY), certificates.key(Holder.AUTHORITY));
    assertThat(Files.readSymbolicLink(file.file()))
        .hasToString("/memfd:postern-certificates (deleted)");
    for (int connection = 0; connection < 2; connection++) {
      KeyStore store = KeyStore.getInstance(KeyStoreFile.TYPE);
      try (InputStream in = URI.create(file.url()).toURL().openStream()) {
        store.load(in, file.password().value().toCharArray());
      }
      assertThat(store.containsAlias("client")).isTrue();
    }
    assertThat(
            KeyStoreFile.ofIdentity(
                certificates.certificate(Holder.AUTHORITY), certificates.key(Holder.AUTHORITY)))
        .as("of the same content")
        .isEqualTo(file);
  }
}
