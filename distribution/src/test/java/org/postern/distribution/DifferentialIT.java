package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.testkit.Patience;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.wire.RawClient;

/**
 * The same requests to Postfix's proxymap(8) and to Postern, and the bytes of the replies compared.
 *
 * <p>{@code -Dpostfix.daemons=…} asks another Postfix than Debian's, {@code -Dpostfix.dialect=NEW}
 * in the dialect of 3.11; {@code -Dpostfix.record=…} names a file to which the real server's
 * answers are written, to be a transcript for {@link TranscriptIT}. Not asked, because the real
 * server dies of it: walks of what cannot be walked, "next" without "first", updates of static and
 * environ tables, empty and long keys in lmdb tables.
 */
@Timeout(180)
class DifferentialIT {
  @TempDir Path directory;

  private final Requests requests =
      new Requests(Requests.Dialect.valueOf(System.getProperty("postfix.dialect", "OLD")));
  private final Differences differences = new Differences();
  private PrivatePostfix postfix;
  private PosternProcess postern;
  private SampleTables tables;

  @BeforeAll
  static void postfixIsHere() {
    PrivatePostfix.mustBePossible();
    Prerequisite.POSTFIX_CDB.mustBeHere();
    Prerequisite.POSTFIX_LMDB.mustBeHere();
    Prerequisite.POSTFIX_PCRE.mustBeHere();
  }

  @BeforeEach
  void start() throws Exception {
    tables = new SampleTables(directory);
    postfix =
        new PrivatePostfix(directory)
            .set("proxy_read_maps", tables.approving())
            .set("proxy_write_maps", tables.approving())
            .service("proxymap unix - - n - 1 proxymap")
            .service("proxywrite unix - - n - 1 proxymap");
    postfix.start();
    postern = PosternProcess.serve(postfix.config());
  }

  @AfterEach
  void end() throws IOException {
    postern.close();
    postfix.close();
  }

  @Test
  void repliesToOpenAndLookupAreTheSame() throws Exception {
    for (int flags : Requests.FLAG_SETS) {
      for (List<String> part : tables.parts(requests.dialect())) {
        compareOpenAndLookup(part, flags);
      }
    }
    differences.assertNone(9000);
  }

  private void compareOpenAndLookup(List<String> part, int flags) throws Exception {
    // What 3.7 answers depends on the flags of who asked it first: a new process for each set.
    postfix.restart("proxymap");
    try (RawClient real = RawClient.connect(postfix.socket("proxymap"));
        RawClient ours = RawClient.connect(postfix.socket("postern-proxymap"))) {
      for (String table : part) {
        if (requests.dependsOnRelease(table, flags)) {
          continue;
        }
        compare(real, ours, requests.open(table, flags));
        for (String key : Requests.keys(table)) {
          compare(real, ours, requests.lookup(table, flags, key));
        }
        compare(real, ours, requests.update(table, flags));
        compare(real, ours, requests.delete(table, flags));
      }
    }
  }

  @Test
  void valuesThatNameFilesAreTheSame() throws Exception {
    for (int flags : Requests.FLAG_SETS) {
      compareOpenAndLookup(tables.valuesInFiles(), flags | Requests.SRC_RHS_IS_FILE);
    }
    differences.assertNone(3000);
  }

  @Test
  void theTranscriptHoldsForThisPostfix() throws Exception {
    List<List<String>> conversations = new ArrayList<>();
    for (int flags : new int[] {64, 540736}) {
      for (List<String> part : tables.parts(requests.dialect())) {
        conversations.add(conversation(part, flags));
      }
    }
    conversations.add(conversation(tables.valuesInFiles(), 64 | Requests.SRC_RHS_IS_FILE));
    conversations.add(requests.malformed(tables.openable().getFirst()));
    List<Transcript.Exchange> exchanges = new ArrayList<>();
    for (List<String> messages : conversations) {
      postfix.restart("proxymap");
      try (RawClient real = RawClient.connect(postfix.socket("proxymap"))) {
        for (String message : messages) {
          exchanges.add(new Transcript.Exchange(message, real.ask(message)));
        }
      }
    }
    String record = System.getProperty("postfix.record");
    if (record != null) {
      new Transcript(exchanges).write(Path.of(record), directory.toString());
    } else {
      assertThat(exchanges)
          .isEqualTo(
              Transcript.read(requests.dialect() + ".txt", directory.toString()).exchanges());
    }
  }

  private List<String> conversation(List<String> part, int flags) {
    List<String> messages = new ArrayList<>();
    for (String table : part) {
      if (!requests.dependsOnRelease(table, flags) && !table.startsWith("unix:")) {
        messages.add(requests.open(table, flags));
        Requests.keys(table).stream()
            .filter(key -> key.length() < 100)
            .forEach(key -> messages.add(requests.lookup(table, flags, key)));
        messages.add(requests.update(table, flags));
        messages.add(requests.delete(table, flags));
      }
    }
    return messages;
  }

  @Test
  void debugTablesLogTheSame() throws Exception {
    assumeTrue(requests.dialect() == Requests.Dialect.NEW, "3.11 and later have debug tables");
    try (RawClient real = RawClient.connect(postfix.socket("proxymap"));
        RawClient ours = RawClient.connect(postfix.socket("postern-proxymap"))) {
      for (String table : tables.debugged()) {
        for (String key : List.of("key", "KEY", "empty", "latin1", "none", "\u00e4", "a\tb")) {
          compare(real, ours, requests.lookup(table, 540736, key));
        }
      }
      String walked = "debug:debug:inline:{key=value,UPPER=u}";
      for (RawClient client : List.of(real, ours)) {
        for (int step = 0; step < 3; step++) {
          client.ask(requests.sequence(walked, 64, step == 0));
        }
      }
    }
    differences.assertNone(70);
    List<String> logged = accesses(postern.log());
    // postlogd(8) writes what proxymap(8) logs, some time after the reply.
    Patience.until(() -> accesses(postfix.log()).size() >= logged.size());
    assertThat(logged).hasSizeGreaterThan(70).isEqualTo(accesses(postfix.log()));
  }

  /** What debug tables have logged, without what stands before it in each line. */
  private static List<String> accesses(String log) {
    return log.lines()
        .filter(line -> line.matches(".* (lookup: \"|sequence: ).*"))
        .map(line -> line.replaceFirst("^.*?: ", ""))
        .sorted() // an inline table is walked in any order
        .toList();
  }

  @Test
  void walksAreTheSame() throws Exception {
    for (int flags : Requests.FLAG_SETS) {
      postfix.restart("proxymap");
      try (RawClient real = RawClient.connect(postfix.socket("proxymap"));
          RawClient ours = RawClient.connect(postfix.socket("postern-proxymap"))) {
        for (SampleTables.Walked walked : walked()) {
          if (requests.dependsOnRelease(walked.table(), flags)) {
            continue;
          }
          List<String> expected = walk(real, walked.table(), flags);
          List<String> actual = walk(ours, walked.table(), flags);
          if (!walked.ordered()) {
            expected = expected.stream().sorted().toList();
            actual = actual.stream().sorted().toList();
          }
          for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
            differences.compare(
                "walk of %s with %d, reply %d".formatted(walked.table(), flags, i),
                i < expected.size() ? expected.get(i) : "no more",
                i < actual.size() ? actual.get(i) : "no more");
          }
        }
      }
    }
    differences.assertNone(4000);
  }

  private List<SampleTables.Walked> walked() {
    List<SampleTables.Walked> walked = new ArrayList<>(tables.walked());
    if (requests.dialect() == Requests.Dialect.NEW) {
      walked.addAll(tables.walkedByLaterReleases());
    }
    return walked;
  }

  private List<String> walk(RawClient client, String table, int flags) throws IOException {
    List<String> replies = new ArrayList<>();
    String reply = client.ask(requests.sequence(table, flags, true));
    while (reply.startsWith("status|0|")) {
      replies.add(reply);
      reply = client.ask(requests.sequence(table, flags, false));
    }
    replies.add(reply);
    // Of "next" after the last one, the real server dies with cdb, and begins anew with lmdb.
    if (!table.startsWith("cdb:") && !table.startsWith("lmdb:")) {
      replies.add(client.ask(requests.sequence(table, flags, false)));
    }
    return replies;
  }

  @Test
  void repliesToWhatIsMalformedAreTheSame() throws Exception {
    String table = tables.openable().getFirst();
    tables.giveTo(postfix.mailOwner());
    for (String service : List.of("proxymap", "proxywrite")) {
      try (RawClient real = RawClient.connect(postfix.socket(service));
          RawClient ours = RawClient.connect(postfix.socket("postern-" + service))) {
        compare(real, ours, requests.open(table, 0));
        for (String message : requests.malformed(table)) {
          compare(real, ours, message);
        }
      }
    }
    differences.assertNone(110);
  }

  @Test
  void theReadWriteServiceRefusesWhatCannotBeChangedInTheSameWay() throws Exception {
    for (List<String> part : tables.parts(requests.dialect())) {
      List<String> unchangeable =
          part.stream()
              .filter(table ->
                  table.matches(
                      "(texthash|inline|unix|fail|nosuchtype|pipemap|unionmap|randmap):.*"))
              .toList();
      for (int from = 0; from < unchangeable.size(); from += 12) {
        postfix.restart("proxymap"); // which is the name of the program of both services
        compareRefusals(unchangeable.subList(from, Math.min(from + 12, unchangeable.size())));
      }
    }
    differences.assertNone(140);
  }

  private void compareRefusals(List<String> unchangeable) throws IOException {
    try (RawClient real = RawClient.connect(postfix.socket("proxywrite"));
        RawClient ours = RawClient.connect(postfix.socket("postern-proxywrite"))) {
      for (String table : unchangeable) {
        compare(real, ours, requests.lookup(table, 64, "key"));
        compare(real, ours, requests.lookup(table, 64, "root"));
        compare(real, ours, requests.open(table, 64));
        compare(real, ours, requests.update(table, 64));
        compare(real, ours, requests.delete(table, 64));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"hash,64", "hash,16460", "hash,72", "btree,64", "btree,68", "lmdb,64", "lmdb,72"})
  void changesAreTheSameAndLeaveTheSameTable(String type, int flags) throws Exception {
    List<String> written = new ArrayList<>();
    for (String whose : List.of("theirs", "ours")) {
      Path place = Files.createDirectory(directory.resolve(whose));
      Files.setOwner(place, postfix.mailOwner());
      written.add(type + ":" + place + "/new");
    }
    postfix.set("proxy_write_maps", "proxy:" + String.join(" proxy:", written));
    postfix.restart("proxywrite");
    postern.close();
    postern = PosternProcess.serve(postfix.config());
    Random random = new Random(type.hashCode() + flags);
    try (RawClient real = RawClient.connect(postfix.socket("proxywrite"));
        RawClient ours = RawClient.connect(postfix.socket("postern-proxywrite"))) {
      for (int i = 0; i < 600; i++) {
        String key = "Key-" + random.nextInt(150) + "k".repeat(random.nextInt(3) * 10);
        String value = "value ".repeat(random.nextInt(random.nextInt(50) == 0 ? 3000 : 20));
        int kind = random.nextInt(10);
        compare(
            real,
            ours,
            table ->
                switch (kind) {
                  case 0, 1, 2 -> requests.delete(table, flags, key);
                  case 3 -> requests.lookup(table, flags, key);
                  default -> requests.update(table, flags, key, value);
                },
            written);
      }
      for (String key :
          type.equals("lmdb")
              ? List.of("\u00ff", "empty value") // the real server dies of the other two
              : List.of("", "k".repeat(5000), "\u00ff", "empty value")) {
        compare(real, ours, table -> requests.update(table, flags, key, ""), written);
        compare(real, ours, table -> requests.lookup(table, flags, key), written);
        compare(real, ours, table -> requests.delete(table, flags, key), written);
        compare(real, ours, table -> requests.delete(table, flags, key), written);
      }
    }
    differences.assertNone(600);
    assertThat(modes("theirs")).contains("rw-------");
    assertThat(modes("ours")).as("whatever umask this runs with").isEqualTo(modes("theirs"));
    postfix.restart("proxywrite");
    List<List<String>> dumps = new ArrayList<>();
    for (String table : written) {
      Postfix.Outcome dump = postfix.run("", "postmap", "-s", table);
      assertThat(dump.status()).as(dump.err()).isZero();
      dumps.add(dump.out().lines().sorted().toList());
    }
    assertThat(dumps.getFirst()).hasSizeGreaterThan(100);
    assertThat(dumps.getLast()).isEqualTo(dumps.getFirst());
  }

  /** Of all that was made in a directory, journals of ours too. */
  private Set<String> modes(String place) throws IOException {
    Set<String> modes = new TreeSet<>();
    try (Stream<Path> files = Files.list(directory.resolve(place))) {
      for (Path file : files.toList()) {
        modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
    return modes;
  }

  private void compare(
      RawClient real, RawClient ours, UnaryOperator<String> message, List<String> tables) {
    compare(real, ours, message.apply(tables.getFirst()), message.apply(tables.getLast()));
  }

  @Test
  void hugeValuesAreTheSame() throws Exception {
    String source = directory + "/huge";
    Files.writeString(Path.of(source), "key " + "v".repeat(100_000) + "\n");
    for (String type : List.of("hash", "btree", "lmdb", "texthash")) {
      if (!type.equals("texthash")) {
        assertThat(postfix.run("", "postmap", type + ":" + source).err()).isEmpty();
      }
      String table = type + ":" + source;
      postfix.set("proxy_read_maps", "proxy:" + table);
      postfix.restart("proxymap");
      postern.close();
      postern = PosternProcess.serve(postfix.config());
      try (RawClient real = RawClient.connect(postfix.socket("proxymap"));
          RawClient ours = RawClient.connect(postfix.socket("postern-proxymap"))) {
        compare(real, ours, requests.lookup(table, 64, "key"));
        compare(real, ours, requests.lookup(table, 64, "none"));
      }
    }
    differences.assertNone(8);
  }

  private void compare(RawClient real, RawClient ours, String message) {
    compare(real, ours, message, message);
  }

  private void compare(RawClient real, RawClient ours, String message, String toOurs) {
    differences.compare(message, ask(real, message), ask(ours, toOurs));
  }

  private static String ask(RawClient client, String message) {
    try {
      return client.ask(message);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
