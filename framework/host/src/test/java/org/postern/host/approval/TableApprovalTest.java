package org.postern.host.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.config.Origin;

class TableApprovalTest {
  @TempDir Path directory;

  private TableApproval readOnly(String... lines) throws IOException {
    Files.write(directory.resolve("main.cf"), List.of(lines));
    return TableApproval.of(Configuration.read(directory, Map.of()), Service.PROXYMAP);
  }

  private static List<String> names(TableApproval approval) {
    return approval.tables().stream().map(Approved::typeAndName).toList();
  }

  private Optional<Origin> line(String file, int number) {
    return Optional.of(new Origin.InFile(directory.resolve(file), number));
  }

  @Test
  void aNameIsMatchedByteForByte() throws IOException {
    TableApproval approval =
        readOnly("proxy_read_maps = proxy:hash:/\u00e4 proxy:inline:{a=b, c=d}");
    assertThat(approval.approves("hash:/\u00c3\u00a4")).isTrue();
    assertThat(approval.approves("inline:{a=b, c=d}")).isTrue();
    assertThat(approval.approves("inline:{a=b,c=d}")).isFalse();
    assertThat(approval.approves("hash:/")).isFalse();
    assertThat(approval.approves("HASH:/\u00c3\u00a4")).isFalse();
    assertThat(approval.approves("proxy:hash:/\u00c3\u00a4")).isFalse();
    assertThat(approval.approves("")).isFalse();
  }

  @Test
  void anApprovedTableNamesTheParameterItIsWrittenIn() throws IOException {
    TableApproval approval =
        readOnly(
            "myhostname = example.com",
            "proxy_read_maps = $virtual_alias_domains $local_recipient_maps",
            "    proxy:hash:/x",
            "virtual_maps = proxy:hash:/v");
    assertThat(approval.tables())
        .containsExactly(
            new Approved("hash:/v", "virtual_maps", line("main.cf", 4)),
            new Approved(
                "unix:passwd.byname", "local_recipient_maps", Optional.of(new Origin.Default())),
            new Approved("hash:/x", "proxy_read_maps", line("main.cf", 2)));
  }

  @Test
  void aTableOfARestrictionClassNamesTheClass() throws IOException {
    TableApproval approval =
        readOnly(
            "proxy_read_maps = proxy:hash:/x",
            "smtpd_restriction_classes = strict, nosuch",
            "strict = check_sender_access proxy:hash:/s, reject");
    assertThat(approval.tables())
        .containsExactly(
            new Approved("hash:/x", "proxy_read_maps", line("main.cf", 1)),
            new Approved("hash:/s", "strict", line("main.cf", 3)));
  }

  @Test
  void aTableWithoutProxyComesWithTheLineThatWouldApproveIt() throws IOException {
    TableApproval approval =
        readOnly(
            "local_recipient_maps =",
            "alias_maps =",
            "smtpd_forbidden_commands =",
            "proxy_read_maps = $virtual_alias_maps hash:/x $type:/y $canonical_maps",
            "type = hash",
            "virtual_alias_maps = hash:/vv, hash:/v, proxy:cdb:/w",
            "canonical_maps = cdb:/w");
    assertThat(approval.listedWithoutProxy())
        .containsExactly(
            new Listed("hash:/vv", "virtual_alias_maps", line("main.cf", 6)),
            new Listed("hash:/v", "virtual_alias_maps", line("main.cf", 6)),
            new Listed("hash:/x", "proxy_read_maps", line("main.cf", 4)),
            new Listed("hash:/y", "proxy_read_maps", line("main.cf", 4)));
    String postconf = "postconf -c " + directory + " -e ";
    assertThat(approval.commandToApprove("virtual_alias_maps", List.of("hash:/vv", "hash:/v")))
        .isEqualTo(postconf + "'virtual_alias_maps = proxy:hash:/vv, proxy:hash:/v, proxy:cdb:/w'");
    assertThat(approval.commandToApprove("hash:/x"))
        .isEqualTo(
            postconf
                + "'proxy_read_maps = $virtual_alias_maps proxy:hash:/x $type:/y $canonical_maps'");
    assertThat(approval.commandToApprove("hash:/y"))
        .isEqualTo(
            postconf
                + "'proxy_read_maps = $virtual_alias_maps hash:/x $type:/y $canonical_maps"
                + " proxy:hash:/y'");
  }

  @Test
  void theCommandThatApprovesReplacesAParameterOfSeveralLinesAsAWhole() throws IOException {
    TableApproval approval =
        readOnly(
            "virtual_alias_maps =",
            "  hash:/it's,",
            "# a comment",
            "\tpcre:{ {/x/ y} }",
            "  hash:/b");
    assertThat(approval.commandToApprove("hash:/it's"))
        .isEqualTo(
            "postconf -c "
                + directory
                + " -e 'virtual_alias_maps = proxy:hash:/it'\\''s, pcre:{ {/x/ y} } hash:/b'");
    Files.writeString(directory.resolve("postern.cf"), "proxy_read_maps = proxy:hash:/c\n");
    approval = readOnly("proxy_read_maps = proxy:hash:/d");
    assertThat(approval.commandToApprove("hash:/e"))
        .isEqualTo(
            "write in "
                + directory
                + "/postern.cf, from line 1 on: proxy_read_maps = proxy:hash:/c proxy:hash:/e");
  }

  @Test
  void aServerOfCheckPolicyServiceIsNotListed() throws IOException {
    assertThat(
            readOnly("proxy_read_maps = check_policy_service inet:127.0.0.1:10023")
                .listedWithoutProxy())
        .isEmpty();
  }

  @Test
  void aFileInTheListIsReadAndItsLinesAreNamed() throws IOException {
    Path file = directory.resolve("tables");
    Files.writeString(file, "# comment\nproxy:hash:/a,\n  hash:/b\nx " + file + "\nproxy:cdb:/c\n");
    TableApproval approval = readOnly("proxy_read_maps = " + file);
    assertThat(approval.tables())
        .containsExactly(
            new Approved("hash:/a", "proxy_read_maps", line("tables", 2)),
            new Approved("cdb:/c", "proxy_read_maps", line("tables", 5)));
    assertThat(approval.warnings()).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadIsWarnedOf() throws IOException {
    TableApproval approval =
        readOnly("proxy_read_maps = /no/such/file " + directory + " proxy:hash:/a");
    assertThat(names(approval)).containsExactly("hash:/a");
    assertThat(approval.warnings())
        .containsExactly(
            "open /no/such/file: No such file or directory",
            "open " + directory + ": not a regular file");
  }

  @Test
  void badBracesAreWarnedOfInPostfixsWords() throws IOException {
    TableApproval approval =
        readOnly("proxy_read_maps = {proxy:hash:/a}x unionmap:{proxy:hash:/b}y {proxy:hash:/c");
    assertThat(names(approval)).isEmpty();
    assertThat(approval.warnings())
        .containsExactly(
            "bad syntax in proxy_read_maps content: syntax error after '}' in \"{proxy:hash:/a}x\"",
            "bad syntax in proxy_read_maps content: syntax error after '}' in"
                + " \"{proxy:hash:/b}y\"",
            "bad syntax in proxy_read_maps content: missing '}' in \"{proxy:hash:/c\"");
  }

  @Test
  void tablesNestedWithoutEndAreRefusedWithoutHarm() throws IOException {
    int depth = 20_000;
    TableApproval approval =
        readOnly(
            "proxy_read_maps = proxy:hash:/a "
                + "unionmap:{".repeat(depth)
                + "proxy:hash:/b"
                + "}".repeat(depth));
    assertThat(names(approval)).containsExactly("hash:/a");
    assertThat(approval.warnings())
        .containsExactly("bad syntax in proxy_read_maps content: tables are nested too deep");
  }

  @Test
  void aListThatCannotBeExpandedIsRefused() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> readOnly("proxy_read_maps = $virtual_maps", "virtual_maps = ${a"))
        .withMessage(
            directory
                + "/main.cf, line 2: parameter virtual_maps: truncated macro reference: \"${a\"");
  }

  @Test
  void aDenialNamesTheParameterToChange() {
    assertThat(Service.PROXYMAP.denial("hash:/a"))
        .containsExactly(
            "request for unapproved table: \"hash:/a\"",
            "to approve this table for read-only access, list proxy:hash:/a in"
                + " main.cf:proxy_read_maps");
    assertThat(Service.PROXYWRITE.denial("hash:/a"))
        .element(1)
        .isEqualTo(
            "to approve this table for read-write access, list proxy:hash:/a in"
                + " main.cf:proxy_write_maps");
  }
}
