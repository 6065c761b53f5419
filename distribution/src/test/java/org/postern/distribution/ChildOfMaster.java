package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.wire.RawClient;

/** What tests of Postern as a child of master(8) share: a private Postfix, and a hash table. */
abstract class ChildOfMaster {
  static final int KEYS = 1000;

  @TempDir static Path shared;

  static Path program;

  @TempDir Path directory;

  PrivatePostfix postfix;

  /** Holds {@code key0} with {@code value0} and so on, and is approved for reading. */
  String table;

  @BeforeAll
  static void postfixIsHere() throws Exception {
    PrivatePostfix.mustBePossible();
    program = PosternProcess.homeForAll(shared).resolve("libexec/postern-proxymap");
  }

  @BeforeEach
  void configure() throws Exception {
    postfix = new PrivatePostfix(directory).daemon(program);
    table = "hash:" + directory + "/table";
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < KEYS; i++) {
      entries.append("key").append(i).append(" value").append(i).append('\n');
    }
    makeTable(directory, "table", entries.toString());
    postfix.set("proxy_read_maps", "proxy:" + table);
  }

  @AfterEach
  void stop() throws Exception {
    postfix.close();
  }

  /** Starts master(8) with both services. */
  void start(String options) throws Exception {
    postfix
        .service("proxymap unix - - n - 1 postern-proxymap" + options)
        .service("proxywrite unix - - n - 1 postern-proxymap" + options)
        .start();
  }

  void makeTable(Path place, String name, String entries) throws Exception {
    Path file = Files.writeString(place.resolve(name), entries);
    assertThat(postfix.run("", "postmap", "hash:" + file).err()).isEmpty();
  }

  RawClient client() throws IOException {
    return RawClient.connect(postfix.socket("proxymap"));
  }

  String ask(RawClient client, int i) throws IOException {
    return client.ask(RawClient.lookup(table, "key" + i));
  }

  static String found(int i) {
    return "status|0|value|value" + i + "||";
  }

  /** Those of Postern. */
  List<ProcessHandle> processes() {
    return postfix.children("java");
  }
}
