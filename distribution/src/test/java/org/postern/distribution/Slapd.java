package org.postern.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postern.testkit.TestCertificates;
import org.postern.testkit.TestCertificates.Holder;

/** OpenLDAP's slapd(8) on a directory of a test, with some people in it. */
final class Slapd implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/slapd");
  private static final long DEADLINE_SECONDS = 30;

  private static final String CONFIGURATION =
      """
      include /etc/ldap/schema/core.schema
      include /etc/ldap/schema/cosine.schema
      include /etc/ldap/schema/inetorgperson.schema
      include @DIRECTORY@/mail.schema
      modulepath /usr/lib/ldap
      moduleload back_mdb
      moduleload back_monitor
      pidfile @DIRECTORY@/slapd.pid
      argsfile @DIRECTORY@/slapd.args
      TLSCertificateFile @SERVERCERT@
      TLSCertificateKeyFile @SERVERKEY@
      TLSCACertificateFile @CA@
      TLSVerifyClient allow
      password-hash {CLEARTEXT}
      sasl-secprops none
      authz-policy none
      authz-regexp "uid=([^,]*),cn=.*,cn=auth" "cn=$1,ou=people,dc=example,dc=org"
      authz-regexp "gidNumber=.*,cn=peercred,cn=external,cn=auth" "cn=reader,ou=people,dc=example,dc=org"
      authz-regexp "cn=CLIENT" "cn=reader,ou=people,dc=example,dc=org"
      access to dn.subtree="ou=secret,dc=example,dc=org"
        by dn.base="cn=reader,ou=people,dc=example,dc=org" read
        by * none
      access to attrs=userPassword by * auth
      access to * by * read
      database monitor
      database mdb
      suffix "dc=example,dc=org"
      rootdn "cn=admin,dc=example,dc=org"
      rootpw adminpw
      directory @DIRECTORY@/db
      index objectClass,mail,maildrop,mailacceptinggeneralid,cn eq
      """;

  private final Path directory;
  private final Map<String, String> places;
  private final Map<String, String> environment;
  private @Nullable Process process;

  private Slapd(Path directory, Map<String, String> places, Map<String, String> environment) {
    this.directory = directory;
    this.places = places;
    this.environment = environment;
  }

  /**
   * Makes certificates for the server and for anyone who asks it.
   *
   * @param shared a directory, which is opened to all users
   */
  static TestCertificates certificates(Path shared) throws Exception {
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
    return TestCertificates.make(shared);
  }

  /**
   * Fills a directory's database and starts it.
   *
   * @param certificates those of the server and of who asks it
   */
  static Slapd start(Path directory, TestCertificates certificates) throws Exception {
    return start(directory, certificates, "", Map.of());
  }

  /**
   * Fills a directory's database and starts it.
   *
   * @param global more lines for the part of slapd.conf(5) before the databases
   * @param environment more variables of its environment
   */
  static Slapd start(
      Path directory, TestCertificates certificates, String global, Map<String, String> environment)
      throws Exception {
    Files.createDirectories(directory.resolve("db"));
    Slapd slapd =
        new Slapd(
            directory,
            Map.of(
                "@DIRECTORY@", directory.toString(),
                "@PORT@", String.valueOf(freePort()),
                "@TLSPORT@", String.valueOf(freePort()),
                "@LDAPI@", "ldapi://" + directory.resolve("ldapi").toString().replace("/", "%2F"),
                "@CA@", certificates.certificate(Holder.AUTHORITY).toString(),
                "@STRANGER@", certificates.certificate(Holder.STRANGER).toString(),
                "@SERVERCERT@", certificates.certificate(Holder.SERVER).toString(),
                "@SERVERKEY@", certificates.key(Holder.SERVER).toString(),
                "@CLIENTCERT@", certificates.certificate(Holder.CLIENT).toString(),
                "@CLIENTKEY@", certificates.key(Holder.CLIENT).toString()),
            environment);
    Files.writeString(directory.resolve("slapd.conf"), global + slapd.placed(CONFIGURATION));
    Files.writeString(directory.resolve("mail.schema"), resource("mail.schema"));
    Files.writeString(
        directory.resolve("directory.ldif"), slapd.placed(resource("directory.ldif")));
    slapd.run("/usr/sbin/slapadd", "-q", "-f", "slapd.conf", "-l", "directory.ldif");
    slapd.start();
    return slapd;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static String resource(String name) throws IOException {
    try (InputStream stream = Slapd.class.getResourceAsStream("ldap/" + name)) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Puts ports and file names in where {@code @PORT@} and the like stand for them. */
  String placed(String text) {
    String placed = text;
    for (Map.Entry<String, String> place : places.entrySet()) {
      placed = placed.replace(place.getKey(), place.getValue());
    }
    return placed;
  }

  int port() {
    return Integer.parseInt(placed("@PORT@"));
  }

  /** Starts the server again on what it has, and waits until it listens. */
  void start() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                PROGRAM.toString(),
                "-f",
                "slapd.conf",
                "-h",
                placed("ldap://127.0.0.1:@PORT@ ldaps://127.0.0.1:@TLSPORT@ @LDAPI@"),
                "-d",
                "none")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve("slapd.log").toFile()));
    builder.environment().putAll(environment);
    Process started = builder.start();
    process = started;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!listens()) {
      if (!started.isAlive() || System.nanoTime() > deadline) {
        throw new IOException(
            "slapd did not start: " + Files.readString(directory.resolve("slapd.log")));
      }
      started.waitFor(5, TimeUnit.MILLISECONDS);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Shows another's certificate from the next start on. */
  void showCertificateOf(Holder holder, TestCertificates certificates) throws Exception {
    Path file = directory.resolve("slapd.conf");
    Files.writeString(
        file,
        Files.readString(file)
            .replaceAll(
                "TLSCertificateFile .*", "TLSCertificateFile " + certificates.certificate(holder))
            .replaceAll(
                "TLSCertificateKeyFile .*", "TLSCertificateKeyFile " + certificates.key(holder)));
  }

  /** Ends the server as a power cut would. */
  void kill() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  /** Stops the server in its tracks: connections are made by the system, and nothing answers. */
  void hang() throws IOException, InterruptedException {
    signal("STOP");
  }

  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Postfix.signal(signal, Objects.requireNonNull(process).pid());
  }

  /** How many connections the server has, by its own account; that of the asker is left out. */
  int connections() throws IOException, InterruptedException {
    String answer =
        run(
            "/usr/bin/ldapsearch",
            "-x",
            "-LLL",
            "-H",
            placed("ldap://127.0.0.1:@PORT@"),
            "-s",
            "base",
            "-b",
            "cn=Current,cn=Connections,cn=Monitor",
            "monitorCounter");
    return Integer.parseInt(answer.replaceAll("(?s).*monitorCounter: (\\d+).*", "$1")) - 1;
  }

  /** Changes an entry, as LDIF says. */
  void modify(String ldif) throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("modify.ldif"), ldif);
    run(
        "/usr/bin/ldapmodify",
        "-x",
        "-H",
        placed("ldap://127.0.0.1:@PORT@"),
        "-D",
        "cn=admin,dc=example,dc=org",
        "-w",
        "adminpw",
        "-f",
        file.toString());
  }

  private String run(String... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(command));
    Path output = Files.createTempFile(directory, "output", ".txt");
    Process run =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!run.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS) || run.exitValue() != 0) {
      run.destroyForcibly();
      throw new IOException(words + ": " + Files.readString(output));
    }
    return Files.readString(output);
  }

  @Override
  public void close() throws IOException {
    if (process != null && process.isAlive()) {
      try {
        goOn();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    kill();
  }
}
