package org.postern.distribution;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Prerequisite;
import org.postern.testservers.MariaDb;
import org.postern.testservers.Postgres;
import org.postern.testservers.TestServer;

/** The Debian package, on a Debian that has nothing else. */
@Timeout(1500)
class DebianPackageIT {
  private static final String LATER = "9.0.0";

  @TempDir Path directory;

  @BeforeAll
  static void mustBePossible() {
    DebianRoot.mustBePossible();
  }

  /** The package that the build has made. */
  private static Path built() throws IOException {
    try (Stream<Path> packages = Files.list(Path.of("target"))) {
      List<Path> found =
          packages
              .filter(file -> file.getFileName().toString().matches("postern_.*\\.deb"))
              .toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }

  /** The same with a later version, and another line in its configuration file. */
  private Path later() throws Exception {
    Path unpacked = directory.resolve("unpacked");
    DebianRoot.execute(
        List.of("dpkg-deb", "--raw-extract", built().toString(), unpacked.toString()));
    Path control = unpacked.resolve("DEBIAN/control");
    Files.writeString(
        control, Files.readString(control).replaceFirst("(?m)^Version: .*", "Version: " + LATER));
    Files.writeString(
        unpacked.resolve("etc/postfix/postern.cf"), "# of the later package\n", APPEND);
    Path later = directory.resolve("later.deb");
    DebianRoot.execute(
        List.of("dpkg-deb", "-Znone", "--build", unpacked.toString(), later.toString()));
    return later;
  }

  private static void install(DebianRoot debian, Path deb) throws Exception {
    Files.copy(deb, debian.resolve("/tmp/postern.deb"));
    debian.run("dpkg", "--force-confold", "-i", "/tmp/postern.deb");
    Files.delete(debian.resolve("/tmp/postern.deb"));
  }

  private static void worksWithTheAotCache(DebianRoot debian) throws Exception {
    assertThat(debian.run("postern", "--version")).startsWith("postern 0.1.0");
    assertThat(
            debian.run(
                "env", "POSTERN_JVM_OPTIONS=-XX:AOTMode=on -Xlog:aot", "postern", "--version"))
        .contains("Using AOT-linked classes: true");
  }

  /** Servers of this machine are asked from the folder, where nothing of the build is. */
  @Test
  void asksRealServers() throws Exception {
    Prerequisite.SLAPD.mustBeHere();
    Path certificates = Files.createDirectory(directory.resolve("certificates"));
    try (DebianRoot debian = DebianRoot.minimal();
        Slapd slapd = Slapd.start(directory.resolve("slapd"), Slapd.certificates(certificates))) {
      install(debian, built());
      for (TestServer server : List.of(MariaDb.shared(), Postgres.shared())) {
        server.execute("INSERT INTO alias VALUES ('info@debian.example', 'alice', 1, NULL)");
        Files.writeString(
            debian.resolve("/tmp/" + server.maptype() + ".cf"),
            server.config() + "query = SELECT target FROM alias WHERE address = '%s'\n");
      }
      Files.writeString(
          debian.resolve("/tmp/ldap.cf"),
          slapd.placed(
              """
              server_host = ldap://127.0.0.1:@PORT@
              search_base = dc=example,dc=org
              query_filter = (mail=%s)
              result_attribute = maildrop
              """));
      assertThat(
              debian.run(
                  "sh",
                  "-ec",
                  """
                  tables='mysql:/tmp/mysql.cf pgsql:/tmp/pgsql.cf ldap:/tmp/ldap.cf'
                  postern serve -o mail_owner=nobody -o queue_directory=/tmp -o data_directory=/tmp \
                    -o postern_proxymap_socket=asked -o postern_proxywrite_socket= \
                    -o "proxy_read_maps=$(printf 'proxy:%s ' $tables)" &
                  until [ -S /tmp/asked ]; do sleep 0.1; done
                  for table in $tables; do
                    postern query -s /tmp/asked $table $([ $table = ldap:/tmp/ldap.cf ] && echo bob@example.com || echo info@debian.example)
                  done
                  kill $!
                  wait
                  """))
          .contains("alice\nalice\nbob@host.example.com\n");
    }
  }

  @Test
  void isInstalledRunsIsUpgradedAndLeavesNothingBehind() throws Exception {
    try (DebianRoot debian = DebianRoot.minimal()) {
      Set<String> before = debian.files();
      install(debian, built());
      worksWithTheAotCache(debian);
      assertThat(debian.run("postern", "demo", "--once"))
          .contains("\"alice, bob\"", "\"PREPEND X-Invoice: 4711\"");
      // There is no Postfix, and no mail_owner with it.
      assertThat(debian.run("postern", "check", "-o", "mail_owner=nobody")).contains("all is well");
      assertThat(debian.run("sh", "-c", "cd /usr/share/man && zcat man8/postern.8.gz"))
          .contains(".SH SYNOPSIS");
      assertThat(debian.run("readlink", "-f", "/usr/lib/postfix/sbin/postern-proxymap"))
          .isEqualTo("/usr/lib/postern/libexec/postern-proxymap\n");
      assertThat(debian.files())
          .contains(
              "etc/systemd/system/multi-user.target.wants/postern.service",
              "etc/systemd/system/sockets.target.wants/postern.socket",
              "usr/share/bash-completion/completions/postern",
              "usr/share/doc/postern/copyright",
              "usr/share/doc/postern/changelog.gz");

      Path configuration = debian.resolve("/etc/postfix/postern.cf");
      Files.writeString(configuration, "postern_pool_size = 4\n", APPEND);
      // As "systemctl disable" does.
      Files.delete(debian.resolve("/etc/systemd/system/multi-user.target.wants/postern.service"));
      install(debian, later());
      assertThat(debian.run("dpkg-query", "-W", "-f", "${Version} ${Status}", "postern"))
          .isEqualTo(LATER + " install ok installed");
      worksWithTheAotCache(debian);
      assertThat(configuration)
          .content()
          .contains("postern_pool_size = 4")
          .doesNotContain("# of the later package");
      assertThat(debian.files())
          .as("a unit that was disabled stays so")
          .doesNotContain("etc/systemd/system/multi-user.target.wants/postern.service");

      debian.run("dpkg", "-r", "postern");
      assertThat(configuration).exists();
      debian.run("dpkg", "-P", "postern");
      assertThat(debian.files()).isEqualTo(before);
    }
  }

  @Test
  void servesPostfixFromMasterCfThroughAnUpgradeAndSaysHowToTakeItBack() throws Exception {
    try (DebianRoot debian = DebianRoot.withPostfix()) {
      install(debian, built());
      Files.copy(later(), debian.resolve("/tmp/later.deb"));
      debian.run("postconf", "-M", "proxymap/unix=proxymap unix - - n - 1 postern-proxymap");
      debian.run("postconf", "-e", "maillog_file = /var/log/mail.log");
      // Port 25 may be this machine's.
      debian.run("postconf", "-MX", "smtp/inet");
      // In one command: what it starts, ends with it.
      String printed =
          debian.run(
              "sh",
              "-ec",
              """
              process() {
                for each in /proc/[0-9]*; do
                  if tr '\\0' ' ' < $each/cmdline | grep -q 'postern-program.* proxymap '; then echo $each; fi
                done
              }
              postfix start
              postmap -q root proxy:unix:passwd.byname
              old=$(process)
              dpkg --force-confold -i /tmp/later.deb
              postmap -q root proxy:unix:passwd.byname
              [ -n "$old" ] && [ "$old" != "$(process)" ] && echo another process
              postfix stop
              """);
      assertThat(printed.lines().filter(line -> line.startsWith("root:x:0:0:"))).hasSize(2);
      assertThat(printed).contains("another process");

      debian.run("postconf", "-e", "proxywrite_service_name = postern-proxywrite");
      List<String> remedies =
          debian
              .run("dpkg", "-r", "postern")
              .lines()
              .filter(line -> line.startsWith("    "))
              .toList();
      assertThat(remedies.stream().map(String::strip))
          .containsExactly(
              "postconf -X proxywrite_service_name",
              "postfix reload",
              "postconf -F proxymap/unix/command=proxymap",
              "postfix reload");
      debian.run("sh", "-ec", remedies.getFirst() + "\n" + remedies.get(2));
      assertThat(debian.run("postconf", "-n") + debian.run("postconf", "-M"))
          .doesNotContain("postern");
    }
  }

  @Test
  void systemdRunsItThroughAnUpgradeUnderLoadAndForgetsIt() throws Exception {
    try (DebianRoot debian = DebianRoot.withSystemd()) {
      Files.copy(built(), debian.resolve("/root/postern.deb"));
      Files.copy(later(), debian.resolve("/root/later.deb"));
      try (BootedDebian booted = BootedDebian.boot(debian)) {
        booted.run("dpkg", "-i", "/root/postern.deb");
        assertThat(booted.run("systemctl", "is-active", "postern.socket", "postern.service"))
            .isEqualTo("active\nactive\n");
        booted.run("systemctl", "disable", "--now", "postern.socket", "postern.service");
        assertThat(booted.run("postern", "setup", "--apply"))
            .startsWith("systemctl enable --now postern.socket postern.service\n")
            .contains("postconf -e proxymap_service_name=postern-proxymap\n", "postfix reload\n")
            .endsWith("Postfix asks Postern\n");
        booted.run("systemctl", "reload", "postern.service");
        assertThat(booted.run("journalctl", "-u", "postern.service"))
            .contains("the configuration has been read again (postern reload): ");
        booted.run(
            "sh",
            "-ec",
            """
            postmulti -e init
            postmulti -I postfix-two -e create
            postconf -c /etc/postfix-two -e proxy_read_maps=proxy:unix:passwd.byname
            postfix -c /etc/postfix-two check
            systemctl start postern@postfix-two
            """);
        assertThat(
                booted.run(
                    "postern", "query", "-c", "/etc/postfix-two", "unix:passwd.byname", "root"))
            .startsWith("root:x:0:0:");
        booted.run("systemctl", "stop", "postern@postfix-two");
        // What an instance has belongs to who has made the instance.
        booted.run("rm", "-r", "/var/lib/postfix-two/postern");
        assertThat(opensItsFirstLdapTableWithoutItsFiles(booted))
            .contains("ldap:/etc/postfix/ldap.cf")
            .doesNotContain("NoClassDefFoundError");
        String process = booted.run("systemctl", "show", "-p", "MainPID", "postern.service");
        String lookups =
            booted.run(
                "sh",
                "-ec",
                """
                while [ ! -e /tmp/stop ]; do
                  # Of a program that ends by a signal, nothing else is seen: 141 is SIGPIPE.
                  postmap -q root proxy:unix:passwd.byname || echo "lost: status $?"
                done &
                dpkg -i /root/later.deb > /dev/null
                touch /tmp/stop
                wait
                """);
        assertThat(lookups).contains("root:x:0:0:").doesNotContain("lost");
        assertThat(booted.run("systemctl", "show", "-p", "MainPID", "postern.service"))
            .isNotEqualTo(process);

        assertThat(booted.run("dpkg", "-r", "postern"))
            .contains("postconf -X proxymap_service_name proxywrite_service_name\n");
        assertThat(booted.run("ls", "/var/spool/postfix/private")).doesNotContain("postern");
        booted.run("dpkg", "-P", "postern");
        assertThat(
                booted.run("find", "/", "-xdev", "-name", "postern*", "-not", "-path", "/root/*"))
            .isEmpty();
        assertThat(booted.run("systemctl", "--failed", "--no-legend")).isEmpty();
      }
    }
  }

  /**
   * As it is between the time when dpkg(1) has removed the archives of the earlier version, and the
   * restart.
   *
   * @return the log
   */
  private static String opensItsFirstLdapTableWithoutItsFiles(BootedDebian booted)
      throws Exception {
    return booted.run(
        "sh",
        "-ec",
        """
        printf '%s\\n' 'server_host = ldap://127.0.0.1:1' 'search_base = dc=example' > /etc/postfix/ldap.cf
        postconf -e 'proxy_read_maps = proxy:unix:passwd.byname proxy:ldap:/etc/postfix/ldap.cf'
        systemctl restart postern.service
        open=/proc/$(systemctl show -P MainPID postern.service)/fd
        # Until it has opened all archives that it will open.
        before=
        for i in $(seq 30); do
          now=$(ls -l $open | grep -c 'jar$')
          [ "$now" = "$before" ] && break
          before=$now
          sleep 2
        done
        cd /usr/lib/postern
        mv lib lib.away
        mv plugins plugins.away
        postmap -q key proxy:ldap:/etc/postfix/ldap.cf || true
        mv lib.away lib
        mv plugins.away plugins
        rm /etc/postfix/ldap.cf
        postconf -X proxy_read_maps
        journalctl -u postern.service
        """);
  }

  @Test
  void everyLibraryIsNamedInTheCopyrightFile() throws Exception {
    List<String> patterns =
        Files.readAllLines(Path.of("src/main/debian/copyright")).stream()
            .filter(line -> line.startsWith("Files: */"))
            .flatMap(line -> Stream.of(line.substring("Files: ".length()).split(" ", -1)))
            .map(pattern -> pattern.replace("*/", "").replace(".", "\\.").replace("*", ".*"))
            .toList();
    assertThat(
            DebianRoot.execute(List.of("dpkg-deb", "-c", built().toString()))
                .lines()
                .map(line -> line.replaceFirst(".*/", ""))
                .filter(name -> name.endsWith(".jar") && !name.startsWith("postern-"))
                .filter(name -> !name.equals("jrt-fs.jar"))
                .filter(name -> patterns.stream().noneMatch(name::matches)))
        .as("libraries of which src/main/debian/copyright says nothing")
        .isEmpty();
  }
}
