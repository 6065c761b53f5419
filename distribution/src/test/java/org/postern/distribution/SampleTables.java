package org.postern.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.testkit.SettledFile;

/**
 * One table of every maptype, laid out in a directory. Its indexed files were made with db_load(1)
 * from Debian's db5.3-util, mdb_load(1) from lmdb-utils and cdb(1) from tinycdb: {@code table.db}
 * with a NUL after keys and values, {@code nonul.db} without; {@code corrupt.db} is text.
 */
final class SampleTables {
  /** Those that can be walked, and whether in an order that is part of their type. */
  record Walked(String table, boolean ordered) {}

  private static final List<String> FILES =
      List.of(
          "hash/table.db",
          "hash/nonul.db",
          "hash/corrupt.db",
          "btree/table.db",
          "btree/nonul.db",
          "btree/corrupt.db",
          "cdb/table.cdb",
          "cdb/nonul.cdb",
          "lmdb/table.lmdb",
          "lmdb/nonul.lmdb",
          "text/table",
          "pattern/regexp",
          "pattern/pcre",
          "pattern/cidr");

  private final String directory;

  SampleTables(Path directory) throws IOException {
    this.directory = directory.toString();
    for (String file : FILES) {
      Path copy = directory.resolve(file);
      Files.createDirectories(Objects.requireNonNull(copy.getParent()));
      try (InputStream sample = SampleTables.class.getResourceAsStream("tables/" + file)) {
        Files.copy(Objects.requireNonNull(sample), copy);
      }
    }
  }

  /** Lets Postfix's own daemons change the files, as which they open them for proxywrite. */
  void giveTo(UserPrincipal owner) throws IOException {
    for (String file : FILES) {
      Path copy = Path.of(directory, file);
      Files.setOwner(copy, owner);
      Files.setOwner(Objects.requireNonNull(copy.getParent()), owner);
    }
  }

  List<Walked> walked() {
    return List.of(
        new Walked("hash:" + directory + "/hash/table", true),
        new Walked("hash:" + directory + "/hash/nonul", true),
        new Walked("btree:" + directory + "/btree/table", true),
        new Walked("btree:" + directory + "/btree/nonul", true),
        new Walked("lmdb:" + directory + "/lmdb/table", true),
        new Walked("lmdb:" + directory + "/lmdb/nonul", true),
        new Walked("texthash:" + directory + "/text/table", false),
        new Walked("inline:{key=value,{spaced = two words},UPPER=u}", false));
  }

  /** Tables that can be walked from 3.10 on. */
  List<Walked> walkedByLaterReleases() {
    return List.of(
        new Walked("cdb:" + directory + "/cdb/table", true),
        new Walked("cdb:" + directory + "/cdb/nonul", true));
  }

  /** Tables that cannot be walked; cdb and internal can, but 3.7 dies of it. */
  List<String> lookedUpOnly() {
    return List.of(
        "cdb:" + directory + "/cdb/table",
        "cdb:" + directory + "/cdb/nonul",
        "regexp:" + directory + "/pattern/regexp",
        "pcre:" + directory + "/pattern/pcre",
        "cidr:" + directory + "/pattern/cidr",
        "regexp:{ {/^key$/ value}, {if /^u/} {/^(u[^p]*)(p{2}.*)/ <$1> ${2}} {endif} {/x/ $1} }",
        "pcre:{{/^k(?=e)/ value},{if !/^key/},{/^(u.*)er/ <$1>},{endif}}",
        "cidr:{ {192.0.2.1 host} {!192.0.0.0/8 elsewhere},{192.0.2.1/24 wrong} {::/0 any} }",
        "internal:scratch",
        "static:fixed",
        "static:{two words}",
        "environ:x",
        "unix:passwd.byname",
        "unix:group.byname",
        "fail:always");
  }

  /** Tables that cannot be opened, each in its own way. */
  List<String> broken() {
    return List.of(
        "hash:" + directory + "/hash/missing",
        "hash:" + directory + "/hash/corrupt",
        "hash:" + directory + "/btree/table",
        "btree:" + directory + "/btree/corrupt",
        "cdb:" + directory + "/cdb/missing",
        "lmdb:" + directory + "/lmdb/missing",
        "texthash:" + directory + "/text/missing",
        "regexp:" + directory + "/pattern/missing",
        "pcre:" + directory + "/pattern/missing",
        "cidr:" + directory + "/pattern/missing",
        "unix:bogus",
        "nosuchtype:x",
        "regexp:{/key/ value}",
        "pcre:{{/key/ value}x}",
        "inline:{unclosed"); // last: its brace takes in what comes after it in a list
  }

  List<String> openable() {
    List<String> openable = new ArrayList<>(walked().stream().map(Walked::table).toList());
    openable.addAll(lookedUpOnly());
    return openable;
  }

  /**
   * Tables whose values are names of files, when they are opened with the flag that says so. Some
   * of the files are not there.
   */
  List<String> valuesInFiles() throws IOException {
    String files = Files.createDirectories(Path.of(directory, "files")).toString();
    String one = write("files/one", "the first\nfile\n");
    String two = write("files/two", "\0\u00ff");
    String none = files + "/none";
    String both = one + ", " + two;
    String rules =
        "/^key$/ %s\n/^upper/i %s\n/^(two) words/ $1\n/^two/ %s\nif /^n/\n/17/ %s\nendif\n"
            .formatted(one, both, none, files);
    return List.of(
        "texthash:"
            + write("files/texthash", "key %s\nupper %s\ntwo %s\n".formatted(one, both, none)),
        "regexp:" + write("files/regexp", rules),
        "pcre:" + write("files/pcre", rules),
        "cidr:"
            + write(
                "files/cidr",
                "192.0.2.1 %s\nif 192.0.2.0/24\n192.0.2.7 %s\n::/0 ,\n".formatted(both, two)),
        "regexp:{{/^k/ " + one + "},{/^u/ " + none + "}}",
        "static:" + one,
        "static:{ " + both + " }",
        "inline:{key=" + one + ",{upper = " + both + "}}",
        "randmap:{" + one + "}",
        "unionmap:{static:" + one + ",inline:{key=" + two + "}}",
        "static:" + none,
        "static:{ }",
        "inline:{key=" + one + ",upper=" + none + "}",
        "randmap:{" + one + "," + none + "}",
        "randmap:{{" + one + "}}");
  }

  private String write(String name, String content) throws IOException {
    Path file = Path.of(directory, name);
    SettledFile.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
    return file.toString();
  }

  /** Tables that are made of tables, and some that should be but cannot. */
  List<String> composite() {
    String hash = "hash:" + directory + "/hash/table";
    String regexp = "regexp:" + directory + "/pattern/regexp";
    String missing = "hash:" + directory + "/hash/missing";
    return List.of(
        "unionmap:{" + hash + ",inline:{key=second,{two words = spaced},empty=}}",
        "unionmap:{" + hash + " " + regexp + "}",
        "unionmap:{" + regexp + ", " + hash + "}",
        "unionmap:{inline:{key=,upper=},static:all}",
        "unionmap:{pipemap:{inline:{key=upper}, btree:"
            + directory
            + "/btree/nonul},cidr:"
            + directory
            + "/pattern/cidr}",
        "unionmap:{proxy:inline:{key=value} {inline:{key=v}}}",
        "unionmap:{" + missing + ",static:all}",
        "unionmap:{inline:{key=value}," + missing + "}",
        "pipemap:{" + hash + ",inline:{value=piped,root=postmaster},static:end}",
        "pipemap:{" + hash + ",static:end}",
        "pipemap:{" + regexp + "," + hash + "}",
        "pipemap:{inline:{key=KEY,upper=UPPER}," + regexp + "}",
        "pipemap:{inline:{key=one}," + missing + "}",
        "pipemap:{cdb:" + directory + "/cdb/table,fail:always}",
        "randmap:{one}",
        "randmap:{same, same}",
        "randmap:{{two words}}");
  }

  /** Tables that are made of tables, but whose names are not what they should be. */
  List<String> badlyComposed() {
    return List.of(
        "unionmap:{}", "pipemap:{ }", "unionmap:static:x", "pipemap:{nocolon}", "randmap:{,}");
  }

  /** Tables of a type that Postfix has from 3.11 on. */
  List<String> debugged() {
    return List.of(
        "debug:hash:" + directory + "/hash/table",
        "debug:btree:" + directory + "/btree/nonul",
        "debug:regexp:" + directory + "/pattern/regexp",
        "debug:debug:inline:{key=value,UPPER=u}",
        "debug:unionmap:{hash:" + directory + "/hash/table,static:all}",
        "unionmap:{debug:inline:{key=value},debug:static:all}",
        "debug:fail:always",
        "debug:hash:" + directory + "/hash/missing",
        "debug:nosuchtype:x",
        "debug:nocolon");
  }

  /**
   * All tables, in parts of which one process of the real server can be asked: it ends when 13 of
   * its tables cannot be opened.
   */
  List<List<String>> parts(Requests.Dialect dialect) {
    List<String> badlyComposedOrDebugged = new ArrayList<>(badlyComposed());
    if (dialect == Requests.Dialect.NEW) {
      badlyComposedOrDebugged.addAll(debugged());
    }
    List<String> broken = broken();
    return List.of(
        openable(),
        broken.subList(0, 6),
        broken.subList(6, broken.size()),
        composite(),
        badlyComposedOrDebugged);
  }

  /** The value of proxy_read_maps and proxy_write_maps that approves them. */
  String approving() throws IOException {
    return Stream.of(
            openable(), composite(), valuesInFiles(), badlyComposed(), debugged(), broken())
        .flatMap(List::stream)
        .map(table -> "proxy:" + table.replace("$", "$$"))
        .collect(Collectors.joining(" "));
  }
}
