package org.postern.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postern.testkit.Patience;

/** MIT Kerberos' key distribution centre on a directory of a test, for the realm EXAMPLE.ORG. */
final class Kdc implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/krb5kdc");
  private static final String REALM = "EXAMPLE.ORG";

  private final Path directory;
  private @Nullable Process process;

  private Kdc(Path directory) {
    this.directory = directory;
  }

  static Kdc start(Path directory) throws Exception {
    Kdc kdc = new Kdc(directory);
    int port = PrivatePostfix.freePort();
    Files.writeString(
        directory.resolve("krb5.conf"),
        """
        [libdefaults]
         default_realm = EXAMPLE.ORG
         dns_lookup_kdc = false
         dns_lookup_realm = false
         rdns = false
         dns_canonicalize_hostname = false
        [realms]
         EXAMPLE.ORG = {
          kdc = 127.0.0.1:%d
         }
        """
            .formatted(port));
    Files.writeString(
        directory.resolve("kdc.conf"),
        """
        [realms]
         EXAMPLE.ORG = {
          kdc_listen = 127.0.0.1:%d
          kdc_tcp_listen = 127.0.0.1:%d
          database_name = %s
          key_stash_file = %s
         }
        """
            .formatted(port, port, directory.resolve("principal"), directory.resolve("stash")));
    kdc.run("", "kdb5_util", "create", "-r", REALM, "-s", "-P", "master");
    ProcessBuilder builder =
        new ProcessBuilder(PROGRAM.toString(), "-n", "-r", REALM)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("kdc.log").toFile());
    builder.environment().putAll(kdc.environment());
    kdc.process = builder.start();
    Patience.until(() -> Files.readString(directory.resolve("kdc.log")).contains("starting"));
    return kdc;
  }

  /** Lets programs find this one. */
  Map<String, String> environment() {
    return Map.of(
        "KRB5_CONFIG", directory.resolve("krb5.conf").toString(),
        "KRB5_KDC_PROFILE", directory.resolve("kdc.conf").toString());
  }

  /** Adds a user. */
  void user(String name, String password) throws IOException, InterruptedException {
    run("", "kadmin.local", "-r", REALM, "-q", "addprinc -pw " + password + " " + name);
  }

  /**
   * Adds a service.
   *
   * @return its keys, in the form of KRB5_KTNAME
   */
  String service(String name) throws IOException, InterruptedException {
    String keys = "FILE:" + directory.resolve("keytab");
    run("", "kadmin.local", "-r", REALM, "-q", "addprinc -randkey " + name);
    run("", "kadmin.local", "-r", REALM, "-q", "ktadd -k " + keys + " " + name);
    return keys;
  }

  /** Gets a user a ticket, as a file. */
  void ticket(String name, String password, Path cache) throws IOException, InterruptedException {
    run(password + "\n", "kinit", "-c", "FILE:" + cache, name);
  }

  private void run(String input, String... command) throws IOException, InterruptedException {
    Postfix.Outcome outcome = Postfix.run(List.of(command), input, environment());
    if (outcome.status() != 0) {
      throw new IOException(List.of(command) + ": " + outcome.out() + outcome.err());
    }
  }

  @Override
  public void close() {
    if (process != null) {
      Objects.requireNonNull(process).destroyForcibly().onExit().join();
    }
  }
}
